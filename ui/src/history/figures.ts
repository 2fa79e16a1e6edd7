// Days as charts need them: every day of the range, the latest first, also those without messages. Pure.
import type { Amount } from '../bindings/Amount';
import type { History } from '../bindings/History';
import type { HistoryDay } from '../bindings/HistoryDay';
import type { Foot } from '../charts/columns';
import { dateOf, dayOf, monthName, placeInWeek, shortDay, yearOfWeeks, type DayNumber } from './days';

export type Measure = 'tokens' | 'cost';

export function measured(amount: Amount, by: Measure): number {
  return by === 'tokens' ? amount.tokens : (amount.cost ?? 0);
}

/** The days with messages, by their number. */
export function byDay(days: readonly HistoryDay[]): ReadonlyMap<DayNumber, HistoryDay> {
  return new Map(days.flatMap((day): [DayNumber, HistoryDay][] => {
    const number = dayOf(day.date);
    return number === null ? [] : [[number, day]];
  }));
}

/** A range of a whole century is drawn; beyond, a mistyped year would draw empty days for minutes. */
const MOST_DAYS = 36_525;

/** All days of the range, the latest first. */
export function allDays(history: History): DayNumber[] {
  const [first, last] = [dayOf(history.from) ?? 0, dayOf(history.to) ?? 0];
  const count = Math.min(MOST_DAYS, Math.max(0, last - first + 1));
  return Array.from({ length: count }, (_, at) => last - at);
}

/** Narrower than this a day cannot be hit. */
const NARROWEST = 4;

/** Wider than this a bar is a block. */
const WIDEST = 56;

/** Days share the room there is; where that is too little the chart scrolls. */
export function dayWidth(room: number, days: number): number {
  if (days === 0) return NARROWEST;
  // Ninety days are to fit the narrowest popover, a little narrower than elsewhere.
  const least = days <= 92 ? 2 : NARROWEST;
  return Math.min(WIDEST, Math.max(least, room / days));
}

/** Dates need this much room. */
const APART = 52;

/** Dates under the bars: the first of a month where days are thin, else as many as have room, today's among them. */
export function feet(days: readonly DayNumber[], width: number): Foot[] {
  const every = Math.max(1, Math.ceil(APART / width));
  const months = days.length > 92;
  const chosen = days.flatMap((day, index): Foot[] => {
    const date = dateOf(day);
    const here = months ? date.endsWith('-01') : index % every === 0;
    return here ? [{ index, date, words: months ? monthAndYear(day) : shortDay(day) }] : [];
  });
  return months ? chosen.filter((_, at) => at % Math.ceil(APART / (30 * width)) === 0) : chosen;
}

/** January tells the year; the others are known by it. */
function monthAndYear(day: DayNumber): string {
  const date = dateOf(day);
  return date.slice(5, 7) === '01' ? date.slice(0, 4) : monthName(day);
}

/** Where a day stands in the year that is drawn. */
export interface YearPlace {
  day: DayNumber;
  week: number;
  row: number;
}

/** A year of whole weeks to a day, the latest first. */
export function yearPlaces(last: DayNumber, first: number): YearPlace[] {
  const begin = yearOfWeeks(last, first);
  return Array.from({ length: last - begin + 1 }, (_, at) => {
    const day = last - at;
    return { day, week: Math.floor((day - begin) / 7), row: placeInWeek(day, first) };
  });
}

/** The week each month begins in, as long as there is room for its name. */
export function yearMonths(places: readonly YearPlace[]): { week: number; name: string }[] {
  const weeks = (places[0]?.week ?? 0) + 1;
  return places
    .filter((place) => dateOf(place.day).endsWith('-01') && place.week < weeks - 2)
    .map((place) => ({ week: place.week, name: monthName(place.day) }));
}
