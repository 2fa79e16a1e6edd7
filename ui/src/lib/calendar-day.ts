// Calendar days: parsing, formatting, and their place in weeks and years. Pure. A day is a number without a time zone,
// because the engine already assigned usage to days.
import type { WeekStart } from '../bindings/WeekStart';
import { DISPLAY_LOCALE, type Locale, systemLocale } from './format';
import { DAY } from './time';

/** Days since 1970-01-01. */
export type DayNumber = number;

const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Parses a date in the form yyyy-mm-dd; null for anything else, including dates that do not exist. */
export function parseDay(date: string): DayNumber | null {
  if (!ISO_DATE.test(date)) return null;
  const at = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(at)) return null;
  return toIsoDate(at / DAY) === date ? at / DAY : null;
}

/** Formats a day as yyyy-mm-dd. */
export function toIsoDate(day: DayNumber): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function getFormatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify(options);
  const cached = formatters.get(key) ?? new Intl.DateTimeFormat(DISPLAY_LOCALE, { ...options, timeZone: 'UTC' });
  formatters.set(key, cached);
  return cached;
}

function formatWith(day: DayNumber, options: Intl.DateTimeFormatOptions): string {
  return getFormatter(options).format(new Date(day * DAY));
}

/** Formats a day with its weekday: Thu, Mar 12, 2026. */
export function formatDay(day: DayNumber): string {
  return formatWith(day, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
}

/** Formats a date of the form yyyy-mm-dd as a heading: Sat, Mar 14. The text itself is returned if it is no date. */
export function formatDayHeading(date: string): string {
  const day = parseDay(date);
  return day === null ? date : formatWith(day, { weekday: 'short', day: 'numeric', month: 'short' });
}

/** Formats a range of days without repeating common parts: Feb 13 – Mar 14, 2026. */
export function formatDayRange(from: DayNumber, to: DayNumber): string {
  return getFormatter({ day: 'numeric', month: 'short', year: 'numeric' }).formatRange(new Date(from * DAY), new Date(to * DAY));
}

/** Formats a day for an axis: Mar 12. */
export function formatShortDay(day: DayNumber): string {
  return formatWith(day, { day: 'numeric', month: 'short' });
}

/** Formats a month with its year: March 2026. */
export function formatMonthAndYear(day: DayNumber): string {
  return formatWith(day, { month: 'long', year: 'numeric' });
}

/** Returns the first day of the month of a day. */
export function monthStart(day: DayNumber): DayNumber {
  const date = new Date(day * DAY);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / DAY;
}

export function formatMonth(day: DayNumber): string {
  return formatWith(day, { month: 'short' });
}

/** Returns the weekday, from 0 for Sunday. */
export function weekdayOf(day: DayNumber): number {
  return (((day + 4) % 7) + 7) % 7;
}

const weekdayNumbers: Record<Exclude<WeekStart, 'auto'>, number> = { sunday: 0, monday: 1, saturday: 6 };

/** Returns the first weekday, from 0 for Sunday: as set, otherwise that of the user's locale, otherwise Monday. */
export function firstWeekday(setting: WeekStart, locale: Locale = systemLocale): number {
  if (setting !== 'auto') return weekdayNumbers[setting];
  const info = new Intl.Locale(locale) as Intl.Locale & { weekInfo?: WeekInfo; getWeekInfo?: () => WeekInfo };
  const first = (info.getWeekInfo?.() ?? info.weekInfo)?.firstDay;
  return first === undefined ? weekdayNumbers.monday : first % 7;
}

/** Week data of a locale in newer engines; Monday is 1, Sunday is 7. */
interface WeekInfo {
  firstDay: number;
}

/** Returns the index of a day in its week. */
export function dayInWeek(day: DayNumber, first: number): number {
  return (weekdayOf(day) - first + 7) % 7;
}

/** Returns the first day of the year that ends with `last`, extended to the start of a week. */
export function yearStart(last: DayNumber, first: number): DayNumber {
  const back = last - 364;
  return back - dayInWeek(back, first);
}
