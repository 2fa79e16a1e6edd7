// The blocks as a column chart with limit lines, and its legend.
import { createMemo, For, type JSX } from 'solid-js';
import type { BillingBlock } from '../../bindings/BillingBlock';
import { ColumnChart } from '../../charts/column-chart';
import type { SeriesStyle } from '../../charts/legend';
import { createScale } from '../../charts/scale';
import { createVirtualAxis } from '../../charts/virtual-axis';
import { shortCostText } from '../../components/cost';
import { LabeledFigure } from '../../components/labeled-figure';
import { useClock } from '../../lib/contexts';
import { formatCompact, formatNumber } from '../../lib/format';
import { formatDayAndMonth, formatInterval } from '../../lib/time';
import { type ChartHeights, createChartHeight } from '../../lib/media-query';
import { text } from '../../strings';
import { columnWidth, findHighlight, layoutDateLabels, type LimitLine, limitLines, maxTokens, visibleLimitLines } from './block-chart-layout';
import type { BlockStats, LoadedBlocks } from './block-history';
import { blockCost, blockDuration } from './block-readout';

/** The heights of the chart in pixels. */
const HEIGHTS: ChartHeights = { narrow: 116, rest: 300, large: [240, 640] };

/** The colors of blocks: the current one, one above the usual maximum, and all others. */
const styles = { current: { class: 'series--level-now' }, aboveUsual: { class: 'series--level-busy' }, past: { class: 'series--level-calm' } } satisfies Record<string, SeriesStyle>;

interface ChartProps {
  history: LoadedBlocks;
  stats: BlockStats;
  /** True if the user has set a token limit. */
  isOwnLimit: boolean;
  pointed: string | null;
  onPoint: (id: string | null) => void;
}

export function BlockChart(props: ChartProps): JSX.Element {
  const { zone } = useClock();
  const height = createChartHeight(HEIGHTS);
  const rows = () => props.history.rows();
  const highest = createMemo(() => maxTokens(rows()));
  const allLines = createMemo(() => limitLines(props.stats, props.isOwnLimit));
  const lines = createMemo(() => visibleLimitLines(allLines(), highest()));
  const layout = createMemo(() => createVirtualAxis(rows().map(columnWidth)));
  const scale = createMemo(() => createScale(Math.max(highest(), ...lines().map((line) => line.value)), 2));
  const dateLabels = createMemo(() => layoutDateLabels(rows(), layout().starts, (at) => formatDayAndMonth(at, zone())));
  const pointed = () => {
    const index = rows().findIndex((row) => row.id === props.pointed);
    return index < 0 ? null : index;
  };
  const columnAt = (index: number) => {
    const row = rows()[index];
    const segments = row && !row.isGap ? [{ value: row.tokensUsed, style: blockStyle(row, props.stats) }] : [];
    return { segments, isMarked: row !== undefined && row.id === props.stats.largest };
  };
  return (
    <div class="block-chart">
      <ColumnChart
        label={text.blocks.chart}
        axisLabel={text.axisLabel(text.tokens(formatCompact(scale().top)), text.provenance.measured)}
        ids={rows().map((row) => row.id)}
        layout={layout()}
        height={height()}
        scale={scale()}
        formatTick={formatCompact}
        lines={lines()}
        dateLabels={dateLabels()}
        columnAt={columnAt}
        labelOf={(index) => columnLabel(rows()[index], props.stats, zone())}
        pointed={pointed()}
        onPoint={(index) => props.onPoint(index === null ? null : (rows()[index]?.id ?? null))}
        onNearStart={() => props.history.loadMore()}
        testid="block-chart"
      />
      <ChartLegend lines={allLines()} />
    </div>
  );
}

function blockStyle(row: BillingBlock, { p90Tokens }: BlockStats): SeriesStyle {
  if (p90Tokens !== null && row.tokensUsed >= p90Tokens) return styles.aboveUsual;
  return row.isActive ? styles.current : styles.past;
}

function columnLabel(row: BillingBlock | undefined, stats: BlockStats, zone: string): string {
  if (row === undefined) return '';
  const when = formatInterval(row.startTime, row.endTime, zone);
  if (row.isGap) return text.blocks.gapLabel(when, blockDuration(row), text.provenance[row.label]);
  const cost = shortCostText(blockCost(row)) ?? text.unpriced;
  const costText = row.costUsd === null ? cost : text.costWithLabel(cost);
  const label = text.blocks.columnLabel(when, formatNumber(row.tokensUsed), costText, text.blockSource[row.source]);
  const highlight = findHighlight(row, stats);
  return highlight === null ? label : `${label}; ${text.blocks.highlight[highlight]}`;
}

/** The legend: every known line, drawn or not. */
function ChartLegend(props: { lines: readonly LimitLine[] }): JSX.Element {
  return (
    <ul class="block-chart__legend tiny">
      <For each={props.lines}>
        {(line) => (
          <li title={text.blocks.limitLineTitle[line.name]}>
            <svg class="block-chart__sample" width="18" height="8" aria-hidden="true">
              <line class={`reference-line reference-line--${line.name}`} x2="18" y1="4" y2="4" />
            </svg>
            <LabeledFigure label={text.provenance.measured} title={text.blocks.limitLineTitle[line.name]}>
              {text.blocks.limitLine[line.name]} {formatCompact(line.value)}
            </LabeledFigure>
          </li>
        )}
      </For>
    </ul>
  );
}
