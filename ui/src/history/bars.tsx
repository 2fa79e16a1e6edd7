// A bar per day, its parts one above the other in the order of the legend.
import { createMemo, createSignal, type JSX } from 'solid-js';
import type { Amount } from '../bindings/Amount';
import type { History } from '../bindings/History';
import type { HistoryDay } from '../bindings/HistoryDay';
import { Columns } from '../charts/columns';
import { scale } from '../charts/scale';
import { tone } from '../charts/tones';
import { track } from '../charts/track';
import { compact, compactDollars, dollars, exact } from '../format';
import { text } from '../text';
import { dayName, type DayNumber } from './days';
import { allDays, dayWidth, feet, measured, type Measure } from './figures';

/** As high as there is room for it beside the totals, lower where it stands under them. */
const [HIGH, LOW] = [232, 128];
const WIDE = 320;

interface BarsProps {
  history: History;
  days: ReadonlyMap<DayNumber, HistoryDay>;
  measure: Measure;
  pointed: DayNumber | null;
  point: (day: DayNumber | null) => void;
}

export function Bars(props: BarsProps): JSX.Element {
  const [room, setRoom] = createSignal(0);
  const numbers = createMemo(() => allDays(props.history));
  const ids = createMemo(() => numbers().map(String));
  const width = () => dayWidth(room(), numbers().length);
  const along = createMemo(() => track(numbers().map(width)));
  const axis = createMemo(() => scale(Math.max(0, ...props.history.days.map((day) => measured(day.amount, props.measure))), 2));
  const dates = createMemo(() => feet(numbers(), width()));
  const write = (value: number) => (props.measure === 'tokens' ? compact(value) : compactDollars(value));
  const column = (index: number) => {
    const parts = props.days.get(numbers()[index] ?? -1)?.parts ?? [];
    return { pieces: parts.map((part, at) => ({ value: measured(part, props.measure), tone: toneOf(props.history, at) })) };
  };
  const axisWords = () =>
    props.measure === 'tokens' ? text.charts.axis(text.tokens(compact(axis().top)), text.label.measured) : text.charts.axis(dollars(axis().top), text.apiEquivalent);
  const pointed = () => {
    const index = (numbers()[0] ?? 0) - (props.pointed ?? Infinity);
    return index >= 0 && index < numbers().length ? index : null;
  };
  return (
    <Columns
      label={text.historyPage.chart}
      axis={axisWords()}
      ids={ids()}
      along={along()}
      height={room() >= WIDE ? HIGH : LOW}
      scale={axis()}
      write={write}
      marks={[]}
      feet={dates()}
      column={column}
      name={(index) => nameOf(numbers()[index] ?? 0, props.days.get(numbers()[index] ?? -1)?.amount ?? null)}
      pointed={pointed()}
      point={(index) => props.point(index === null ? null : (numbers()[index] ?? null))}
      measured={setRoom}
      testid="history-chart"
    />
  );
}

/** All others have a look of their own, wherever they come in the order. */
export function toneOf(history: History, index: number) {
  const rest = (history.parts[index]?.count ?? 1) > 1;
  return tone(rest ? Infinity : index);
}

/** What a day is called by a screen reader. */
export function nameOf(day: DayNumber, amount: Amount | null): string {
  const tokens = text.historyPage.dayTokens(exact(amount?.tokens ?? 0));
  const cost = amount === null || amount.cost === null ? '' : `, ${text.costLabelled(dollars(amount.cost))}`;
  return text.historyPage.dayName(dayName(day), tokens + cost);
}
