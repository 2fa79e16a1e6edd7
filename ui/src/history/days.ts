// Civil days: counting them, naming them, laying them out in weeks. Pure; a day is its number since 1970 and is in no zone,
// because what was used on a day was decided where it was used. It refuses dates that no calendar has.
import type { WeekStart } from '../bindings/WeekStart';
import { reader, type Locale } from '../format';
import { DAY } from '../time';

/** Days since 1970-01-01. */
export type DayNumber = number;

const SHAPE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** A date written yyyy-mm-dd; null for anything else, the thirtieth of February included. */
export function dayOf(date: string): DayNumber | null {
  if (!SHAPE.test(date)) return null;
  const at = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(at)) return null;
  return dateOf(at / DAY) === date ? at / DAY : null;
}

/** The same day as yyyy-mm-dd. */
export function dateOf(day: DayNumber): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(options: Intl.DateTimeFormatOptions, locale: Locale): Intl.DateTimeFormat {
  const key = `${locale}|${JSON.stringify(options)}`;
  const found = formatters.get(key) ?? new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  formatters.set(key, found);
  return found;
}

function written(day: DayNumber, options: Intl.DateTimeFormatOptions, locale: Locale): string {
  return formatter(options, locale).format(new Date(day * DAY));
}

/** A day in a sentence: Thu 12 Mar 2026. */
export function dayName(day: DayNumber, locale = reader): string {
  return written(day, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }, locale);
}

/** From one day to another, what they share said once: 13 Feb – 14 Mar 2026. */
export function spanName(from: DayNumber, to: DayNumber, locale = reader): string {
  return formatter({ day: 'numeric', month: 'short', year: 'numeric' }, locale).formatRange(new Date(from * DAY), new Date(to * DAY));
}

/** A day under an axis: 12 Mar. */
export function shortDay(day: DayNumber, locale = reader): string {
  return written(day, { day: 'numeric', month: 'short' }, locale);
}

export function monthName(day: DayNumber, locale = reader): string {
  return written(day, { month: 'short' }, locale);
}

/** From nought for Sunday. */
export function weekday(day: DayNumber): number {
  return (((day + 4) % 7) + 7) % 7;
}

const named: Record<Exclude<WeekStart, 'auto'>, number> = { sunday: 0, monday: 1, saturday: 6 };

/** The weekday that begins a week, from nought for Sunday: as told, else as the reader's language has it, else Monday. */
export function firstWeekday(told: WeekStart, locale: Locale = reader): number {
  if (told !== 'auto') return named[told];
  const info = new Intl.Locale(locale) as Intl.Locale & { weekInfo?: WeekInfo; getWeekInfo?: () => WeekInfo };
  const first = (info.getWeekInfo?.() ?? info.weekInfo)?.firstDay;
  return first === undefined ? named.monday : first % 7;
}

/** What newer engines know of a language's weeks; Monday is one, Sunday seven. */
interface WeekInfo {
  firstDay: number;
}

/** Every other day of work is named: three names say where all seven stand. */
const NAMED = [1, 3, 5];

/** Names beside the days of a week, the one it begins with first; days between names have none. */
export function weekdayNames(first: number, locale = reader): string[] {
  return Array.from({ length: 7 }, (_, at) => {
    const day = (first + at) % 7;
    // The fourth of January 1970 was a Sunday.
    return NAMED.includes(day) ? written(3 + day, { weekday: 'short' }, locale) : '';
  });
}

/** Where a day stands in its week. */
export function placeInWeek(day: DayNumber, first: number): number {
  return (weekday(day) - first + 7) % 7;
}

/** The days of a year that ends with a day, from the beginning of a week. */
export function yearOfWeeks(last: DayNumber, first: number): DayNumber {
  const back = last - 364;
  return back - placeInWeek(back, first);
}
