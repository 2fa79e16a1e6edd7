// The amounts of days, and the layout of the year. Pure. Days without messages are included, latest first.
import type { Amount } from '../../bindings/Amount';
import type { HistoryDay } from '../../bindings/HistoryDay';
import { dayInWeek, type DayNumber, formatMonth, parseDay, toIsoDate, yearStart } from '../../lib/calendar-day';

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
