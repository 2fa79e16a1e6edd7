// The day chart: a stacked bar per day, week or month, its segments in legend order.
import { createMemo, createSignal, type JSX } from 'solid-js';
import type { Amount } from '../../bindings/Amount';
import type { History } from '../../bindings/History';
import { ColumnChart } from '../../charts/column-chart';
import { seriesStyle } from '../../charts/legend';
import { createScale } from '../../charts/scale';
import { createVirtualAxis } from '../../charts/virtual-axis';
import { formatDay, formatDayRange } from '../../lib/calendar-day';
import { formatCompact, formatCompactDollars, formatDollars, formatNumber } from '../../lib/format';
import { type ChartHeights, createChartHeight } from '../../lib/media-query';
import { text } from '../../strings';
import { amountIn, type Measure } from './day-chart-layout';
import { type BinnedHistory, binWidth, type DaySpan, layoutBinLabels } from './history-bins';

/** The heights of the chart in pixels. */
const HEIGHTS: ChartHeights = { narrow: 128, rest: 520, large: [180, 480] };

interface DayChartProps {
  history: History;
  binned: BinnedHistory;
  measure: Measure;
  pointed: DaySpan | null;
  onPoint: (span: DaySpan | null) => void;
}

export function DayChart(props: DayChartProps): JSX.Element {
  const [availableWidth, setAvailableWidth] = createSignal(0);
  const height = createChartHeight(HEIGHTS);
  const bins = () => props.binned.bins;
  const ids = createMemo(() => bins().map((bin) => String(bin.first)));
  const width = () => binWidth(availableWidth(), bins().length);
  const layout = createMemo(() => createVirtualAxis(bins().map(width)));
  const scale = createMemo(() => createScale(Math.max(0, ...bins().map((bin) => amountIn(bin.amount, props.measure))), 2));
  const formatTick = (value: number) => (props.measure === 'tokens' ? formatCompact(value) : formatCompactDollars(value));
  const columnAt = (index: number) => {
    const parts = bins()[index]?.parts ?? [];
    return { segments: parts.map((part, at) => ({ value: amountIn(part, props.measure), style: partStyle(props.history, at) })) };
  };
  const axisLabel = () =>
    props.measure === 'tokens' ? text.axisLabel(text.tokens(formatCompact(scale().top)), text.provenance.measured) : text.axisLabel(formatDollars(scale().top), text.apiEquivalent);
  const pointed = () => {
    const span = props.pointed;
    const index = span === null ? -1 : bins().findIndex((bin) => span.first >= bin.first && span.first <= bin.last);
    return index < 0 ? null : index;
  };
  return (
    <ColumnChart
      label={text.history.charts[props.binned.unit]}
      axisLabel={axisLabel()}
      ids={ids()}
      layout={layout()}
      height={height()}
      scale={scale()}
      formatTick={formatTick}
      lines={[]}
      dateLabels={layoutBinLabels(props.binned, width())}
      columnAt={columnAt}
      labelOf={(index) => spanLabel(bins()[index] ?? null, bins()[index]?.amount ?? null)}
      pointed={pointed()}
      onPoint={(index) => props.onPoint(index === null ? null : (bins()[index] ?? null))}
      onResize={setAvailableWidth}
      testid="history-chart"
    />
  );
}

/** Returns the style of a part. Combined remaining parts have a style of their own, regardless of their position. */
export function partStyle(history: History, index: number) {
  const isCombined = (history.parts[index]?.count ?? 1) > 1;
  return seriesStyle(isCombined ? Infinity : index);
}

/** Formats a day, or a range of days. */
export function formatSpan({ first, last }: DaySpan): string {
  return first === last ? formatDay(first) : formatDayRange(first, last);
}

/** Returns the accessible name of a day or a range of days. */
export function spanLabel(span: DaySpan | null, amount: Amount | null): string {
  if (span === null) return '';
  const tokens = text.history.dayTokens(formatNumber(amount?.tokens ?? 0));
  const cost = amount === null || amount.cost === null ? '' : `, ${text.costWithLabel(formatDollars(amount.cost))}`;
  return text.history.dayLabel(formatSpan(span), tokens + cost);
}
