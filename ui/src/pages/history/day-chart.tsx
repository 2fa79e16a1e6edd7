// The day chart: a stacked bar per day, its segments in legend order.
import { createMemo, createSignal, type JSX } from 'solid-js';
import type { Amount } from '../../bindings/Amount';
import type { History } from '../../bindings/History';
import type { HistoryDay } from '../../bindings/HistoryDay';
import { ColumnChart } from '../../charts/column-chart';
import { seriesStyle } from '../../charts/legend';
import { createScale } from '../../charts/scale';
import { createVirtualAxis } from '../../charts/virtual-axis';
import { type DayNumber, formatDay } from '../../lib/calendar-day';
import { formatCompact, formatCompactDollars, formatDollars, formatNumber } from '../../lib/format';
import { text } from '../../strings';
import { amountIn, daysInRange, dayWidth, layoutDateLabels, type Measure } from './day-chart-layout';

/** Heights of the chart in pixels: tall beside the totals, short below them. */
const [TALL_HEIGHT, SHORT_HEIGHT] = [232, 128];
const MIN_TALL_WIDTH = 320;

interface DayChartProps {
  history: History;
  days: ReadonlyMap<DayNumber, HistoryDay>;
  measure: Measure;
  pointed: DayNumber | null;
  onPoint: (day: DayNumber | null) => void;
}

export function DayChart(props: DayChartProps): JSX.Element {
  const [availableWidth, setAvailableWidth] = createSignal(0);
  const days = createMemo(() => daysInRange(props.history));
  const ids = createMemo(() => days().map(String));
  const width = () => dayWidth(availableWidth(), days().length);
  const layout = createMemo(() => createVirtualAxis(days().map(width)));
  const scale = createMemo(() => createScale(Math.max(0, ...props.history.days.map((day) => amountIn(day.amount, props.measure))), 2));
  const dateLabels = createMemo(() => layoutDateLabels(days(), width()));
  const formatTick = (value: number) => (props.measure === 'tokens' ? formatCompact(value) : formatCompactDollars(value));
  const columnAt = (index: number) => {
    const parts = props.days.get(days()[index] ?? -1)?.parts ?? [];
    return { segments: parts.map((part, at) => ({ value: amountIn(part, props.measure), style: partStyle(props.history, at) })) };
  };
  const axisLabel = () =>
    props.measure === 'tokens' ? text.axisLabel(text.tokens(formatCompact(scale().top)), text.provenance.measured) : text.axisLabel(formatDollars(scale().top), text.apiEquivalent);
  const pointed = () => {
    const index = (days()[0] ?? 0) - (props.pointed ?? Infinity);
    return index >= 0 && index < days().length ? index : null;
  };
  return (
    <ColumnChart
      label={text.history.chart}
      axisLabel={axisLabel()}
      ids={ids()}
      layout={layout()}
      height={availableWidth() >= MIN_TALL_WIDTH ? TALL_HEIGHT : SHORT_HEIGHT}
      scale={scale()}
      formatTick={formatTick}
      lines={[]}
      dateLabels={dateLabels()}
      columnAt={columnAt}
      labelOf={(index) => dayLabel(days()[index] ?? 0, props.days.get(days()[index] ?? -1)?.amount ?? null)}
      pointed={pointed()}
      onPoint={(index) => props.onPoint(index === null ? null : (days()[index] ?? null))}
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

/** Returns the accessible name of a day. */
export function dayLabel(day: DayNumber, amount: Amount | null): string {
  const tokens = text.history.dayTokens(formatNumber(amount?.tokens ?? 0));
  const cost = amount === null || amount.cost === null ? '' : `, ${text.costWithLabel(formatDollars(amount.cost))}`;
  return text.history.dayLabel(formatDay(day), tokens + cost);
}
