// The layout of the day chart and of the year. Pure. Days without messages are included, latest first.
import type { Amount } from '../../bindings/Amount';
import type { History } from '../../bindings/History';
import type { HistoryDay } from '../../bindings/HistoryDay';
import type { AxisLabel } from '../../charts/column-chart';
import { dayInWeek, type DayNumber, formatMonth, formatShortDay, parseDay, toIsoDate, yearStart } from '../../lib/calendar-day';

export type Measure = 'tokens' | 'cost';

export function amountIn(amount: Amount, by: Measure): number {
  return by === 'tokens' ? amount.tokens : (amount.cost ?? 0);
}

/** Returns the days with messages by day number. */
export function indexByDay(days: readonly HistoryDay[]): ReadonlyMap<DayNumber, HistoryDay> {
  return new Map(days.flatMap((day): [DayNumber, HistoryDay][] => {
    const number = parseDay(day.date);
    return number === null ? [] : [[number, day]];
  }));
}

/** The maximum number of days drawn: a century. A mistyped year would otherwise draw empty days for minutes. */
const MAX_DAYS = 36_525;

/** Returns all days of the range, latest first. */
export function daysInRange(history: History): DayNumber[] {
  const [first, last] = [parseDay(history.from) ?? 0, parseDay(history.to) ?? 0];
  const count = Math.min(MAX_DAYS, Math.max(0, last - first + 1));
  return Array.from({ length: count }, (_, at) => last - at);
}

/** The minimum width of a day in pixels. */
const MIN_WIDTH = 4;

/** The maximum width of a bar in pixels. */
const MAX_WIDTH = 56;

/** Returns the width of a day in pixels. Days share the available width, and the chart scrolls if that is too narrow. */
export function dayWidth(availableWidth: number, days: number): number {
  if (days === 0) return MIN_WIDTH;
  // Ninety days must fit the narrowest popover.
  const minWidth = days <= 92 ? 2 : MIN_WIDTH;
  return Math.min(MAX_WIDTH, Math.max(minWidth, availableWidth / days));
}

/** The minimum distance between two date labels, in pixels. */
const MIN_LABEL_DISTANCE = 52;

/** Returns date labels: the first of each month for long ranges, otherwise as many as fit, starting with the latest day. */
export function layoutDateLabels(days: readonly DayNumber[], width: number): AxisLabel[] {
  const interval = Math.max(1, Math.ceil(MIN_LABEL_DISTANCE / width));
  const isByMonth = days.length > 92;
  const labels = days.flatMap((day, index): AxisLabel[] => {
    const date = toIsoDate(day);
    const hasLabel = isByMonth ? date.endsWith('-01') : index % interval === 0;
    return hasLabel ? [{ index, date, text: isByMonth ? monthOrYear(day) : formatShortDay(day) }] : [];
  });
  return isByMonth ? labels.filter((_, position) => position % Math.ceil(MIN_LABEL_DISTANCE / (30 * width)) === 0) : labels;
}

/** Returns the year for January and the month otherwise. */
function monthOrYear(day: DayNumber): string {
  const date = toIsoDate(day);
  return date.slice(5, 7) === '01' ? date.slice(0, 4) : formatMonth(day);
}

/** A day's position in the year. */
export interface YearCell {
  day: DayNumber;
  week: number;
  row: number;
}

/** Returns the cells of a year of whole weeks, latest first. */
export function layoutYear(last: DayNumber, first: number): YearCell[] {
  const start = yearStart(last, first);
  return Array.from({ length: last - start + 1 }, (_, at) => {
    const day = last - at;
    return { day, week: Math.floor((day - start) / 7), row: dayInWeek(day, first) };
  });
}

/** Returns the week in which each month begins, if there is room for its label. */
export function monthLabels(cells: readonly YearCell[]): { week: number; name: string }[] {
  const weeks = (cells[0]?.week ?? 0) + 1;
  return cells
    .filter((cell) => toIsoDate(cell.day).endsWith('-01') && cell.week < weeks - 2)
    .map((cell) => ({ week: cell.week, name: formatMonth(cell.day) }));
}
