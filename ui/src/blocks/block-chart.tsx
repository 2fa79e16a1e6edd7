// Blocks as columns, with the lines a block is measured against, and what those lines are in figures.
import { createMemo, For, type JSX } from 'solid-js';
import type { BillingBlock } from '../bindings/BillingBlock';
import type { Label } from '../bindings/Label';
import { Columns } from '../charts/columns';
import { scale } from '../charts/scale';
import { ChartTextures, tone } from '../charts/tones';
import { track } from '../charts/track';
import { compact, exact } from '../format';
import { Labelled } from '../parts/labelled';
import { shortCost } from '../parts/cost';
import { text } from '../text';
import { dayAndMonth, interval } from '../time';
import { columnWidth, drawnMarks, feet, knownMarks, mostTokens, type BlockMark, type MarkName } from './look';
import type { Past, Remarks } from './past';
import { costly, lengthOf } from './readout';

const HEIGHT = 132;

interface ChartProps {
  past: Past;
  remarks: Remarks;
  /** Where the limit comes from. */
  limitLabel: Label;
  zone: string;
  pointed: string | null;
  point: (id: string | null) => void;
}

const words: Record<MarkName, string> = { limit: text.blocksPage.limit, largest: text.blocksPage.largest, p90: text.blocksPage.p90 };

export function BlockChart(props: ChartProps): JSX.Element {
  const rows = () => props.past.rows();
  const most = createMemo(() => mostTokens(rows()));
  const known = createMemo(() => knownMarks(rows(), props.remarks, words));
  const marks = createMemo(() => drawnMarks(known(), most()));
  const along = createMemo(() => track(rows().map(columnWidth)));
  const axis = createMemo(() => scale(Math.max(most(), ...marks().map((mark) => mark.value)), 2));
  const dates = createMemo(() => feet(rows(), along().starts, (at) => dayAndMonth(at, props.zone)));
  const pointed = () => {
    const index = rows().findIndex((row) => row.id === props.pointed);
    return index < 0 ? null : index;
  };
  const column = (index: number) => {
    const row = rows()[index];
    const pieces = row && !row.isGap ? [{ value: row.tokensUsed, tone: tone(row.isActive ? 2 : 0) }] : [];
    return { pieces, idle: row?.isGap ?? false, marked: row !== undefined && row.id === props.remarks.largest };
  };
  return (
    <div class="block-chart">
      <ChartTextures />
      <Columns
        label={text.blocksPage.chart}
        axis={text.charts.axis(text.tokens(compact(axis().top)), text.label.measured)}
        along={along()}
        height={HEIGHT}
        scale={axis()}
        write={compact}
        marks={marks()}
        feet={dates()}
        column={column}
        name={(index) => columnName(rows()[index], props.zone)}
        pointed={pointed()}
        point={(index) => props.point(index === null ? null : (rows()[index]?.id ?? null))}
        reached={() => props.past.more()}
        testid="block-chart"
      />
      <Lines marks={known()} limitLabel={props.limitLabel} />
    </div>
  );
}

export function columnName(row: BillingBlock | undefined, zone: string): string {
  if (row === undefined) return '';
  const when = interval(row.startTime, row.endTime, zone);
  if (row.isGap) return text.blocksPage.gapColumn(when, lengthOf(row), text.label[row.label]);
  const cost = shortCost(costly(row)) ?? text.unpriced;
  const said = row.costUsd === null ? cost : text.costLabelled(cost);
  return text.blocksPage.column(when, exact(row.tokensUsed), said, text.source[row.source]);
}

const titles: Record<MarkName, string> = {
  limit: text.blocksPage.limitTitle,
  largest: text.blocksPage.largestTitle,
  p90: text.blocksPage.p90Title,
};

/** What the lines are, also those that are not drawn. */
function Lines(props: { marks: readonly BlockMark[]; limitLabel: Label }): JSX.Element {
  const label = (mark: BlockMark) => text.label[mark.name === 'limit' ? props.limitLabel : 'measured'];
  return (
    <ul class="mark-legend">
      <For each={props.marks}>
        {(mark) => (
          <li title={titles[mark.name]}>
            <Labelled label={label(mark)} heard={mark.name !== 'limit'}>
              {mark.words} <strong>{compact(mark.value)}</strong>
            </Labelled>
          </li>
        )}
      </For>
    </ul>
  );
}
