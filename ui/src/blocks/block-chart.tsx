// Blocks as columns, with the lines a block is measured against, and what those lines are in figures.
import { createMemo, For, Show, type JSX } from 'solid-js';
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
import { columnWidth, drawnMarks, feet, knownMarks, mostTokens, standout, type BlockMark, type MarkName } from './look';
import type { Past, Remarks } from './past';
import { costly, lengthOf } from './readout';

const HEIGHT = 132;

/** It is still growing. */
const current = tone(2);

interface ChartProps {
  past: Past;
  remarks: Remarks;
  /** Where the limit comes from. */
  limitLabel: Label;
  zone: string;
  pointed: string | null;
  point: (id: string | null) => void;
}

export function BlockChart(props: ChartProps): JSX.Element {
  const rows = () => props.past.rows();
  const most = createMemo(() => mostTokens(rows()));
  const known = createMemo(() => knownMarks(props.remarks));
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
    const pieces = row && !row.isGap ? [{ value: row.tokensUsed, tone: row.isActive ? current : tone(0) }] : [];
    return { pieces, idle: row?.isGap ?? false, marked: row !== undefined && row.id === props.remarks.largest };
  };
  return (
    <div class="block-chart">
      <ChartTextures />
      <Columns
        label={text.blocksPage.chart}
        axis={text.charts.axis(text.tokens(compact(axis().top)), text.label.measured)}
        ids={rows().map((row) => row.id)}
        along={along()}
        height={HEIGHT}
        scale={axis()}
        write={compact}
        marks={marks()}
        feet={dates()}
        column={column}
        name={(index) => columnName(rows()[index], props.remarks, props.zone)}
        pointed={pointed()}
        point={(index) => props.point(index === null ? null : (rows()[index]?.id ?? null))}
        reached={() => props.past.more()}
        testid="block-chart"
      />
      <Lines marks={known()} limitLabel={props.limitLabel} current={rows()[0]?.isActive ?? false} />
    </div>
  );
}

function columnName(row: BillingBlock | undefined, remarks: Remarks, zone: string): string {
  if (row === undefined) return '';
  const when = interval(row.startTime, row.endTime, zone);
  if (row.isGap) return text.blocksPage.gapColumn(when, lengthOf(row), text.label[row.label]);
  const cost = shortCost(costly(row)) ?? text.unpriced;
  const said = row.costUsd === null ? cost : text.costLabelled(cost);
  const words = text.blocksPage.column(when, exact(row.tokensUsed), said, text.source[row.source]);
  const mark = standout(row, remarks);
  return mark === null ? words : `${words}; ${text.blocksPage.standout[mark]}`;
}

const titles: Record<MarkName, string> = {
  limit: text.blocksPage.limitTitle,
  largest: text.blocksPage.largestTitle,
  p90: text.blocksPage.p90Title,
};

/** What the lines are, also those that are not drawn, and how the current block looks. */
function Lines(props: { marks: readonly BlockMark[]; limitLabel: Label; current: boolean }): JSX.Element {
  const label = (mark: BlockMark) => text.label[mark.name === 'limit' ? props.limitLabel : 'measured'];
  return (
    <ul class="mark-legend">
      <For each={props.marks}>
        {(mark) => (
          <li title={titles[mark.name]}>
            <svg class="mark-sample" width="18" height="8" aria-hidden="true">
              <line class={`mark-line mark-${mark.name}`} x2="18" y1="4" y2="4" />
            </svg>
            <Labelled label={label(mark)} heard={mark.name !== 'limit'}>
              {text.blocksPage.mark[mark.name]} <strong>{compact(mark.value)}</strong>
            </Labelled>
          </li>
        )}
      </For>
      <Show when={props.current}>
        <li>
          <svg class="swatch" width="10" height="10" aria-hidden="true">
            <rect class={current.class} x="0.5" y="0.5" width="9" height="9" fill={current.fill} />
          </svg>
          {text.blocksPage.current}
        </li>
      </Show>
    </ul>
  );
}
