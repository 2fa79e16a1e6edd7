// Instants and durations as words. Pure: the instant and the zone are arguments, no clock is read here.
// Words are those of the catalogue; numbers, clocks and dates are written as the reader's language writes them.
// It refuses to fail on a zone the engine does not know; UTC stands in, and the clock says so.
import { exact, reader, type Locale } from './format';
import { text } from './text';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const kept = new Map<string, Intl.DateTimeFormat>();

function formatter(locale: Locale, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale}|${zone}|${JSON.stringify(options)}`;
  const found = kept.get(key) ?? inZone(locale, zone, options);
  kept.set(key, found);
  return found;
}

function inZone(locale: Locale, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  } catch {
    const said = 'hour' in options ? ({ timeZoneName: 'short' } as const) : {};
    return new Intl.DateTimeFormat(locale, { ...options, ...said, timeZone: 'UTC' });
  }
}

/** Hour and minute on the viewer's clock. */
export function clock(at: string | number, zone: string, locale = reader): string {
  return formatter(locale, zone, { hour: 'numeric', minute: '2-digit' }).format(new Date(at));
}

/** Further ahead a time of day alone could be taken for today's. */
const NEAR = 20 * HOUR;

/** A time to come: on the clock alone where it is near, with its weekday where it is days away. */
export function upcoming(at: string, now: number, zone: string, locale = reader): string {
  if (Date.parse(at) - now < NEAR) return clock(at, zone, locale);
  return formatter(locale, zone, { weekday: 'short', hour: 'numeric', minute: '2-digit' }).format(new Date(at));
}

/** Day, hour and minute: what a tooltip says. */
export function moment(at: string | number, zone: string, locale = reader): string {
  const options = { day: 'numeric', month: 'short', year: 'numeric', hour: 'numeric', minute: '2-digit' } as const;
  return formatter(locale, zone, options).format(new Date(at));
}

/** How long ago, in the largest unit that says enough; a date from a week on. */
export function ago(at: string, now: number, zone: string, locale = reader): string {
  const past = now - Date.parse(at);
  if (past < MINUTE) return text.justNow;
  if (past >= 7 * DAY) return formatter(locale, zone, { day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(at));
  const count = (unit: number) => exact(Math.floor(past / unit), locale);
  if (past < HOUR) return text.ago.minutes(count(MINUTE));
  if (past < DAY) return text.ago.hours(count(HOUR));
  return text.ago.days(count(DAY), Math.floor(past / DAY));
}

/** What remains, rounded up: the last minute is still a minute. */
export function remaining(milliseconds: number, locale = reader): string {
  const all = Math.max(0, Math.ceil(milliseconds / MINUTE));
  const [hours, minutes] = [Math.floor(all / 60), all % 60];
  const words = text.lasting.minutes(exact(minutes, locale));
  return text.left(hours > 0 ? text.lasting.hours(exact(hours, locale), words) : words);
}

/** From when to when, with the day it begins on: "Sun 22 Nov, 22:20 – 03:20". */
export function interval(from: string, to: string, zone: string, locale = reader): string {
  const options = { weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' } as const;
  const parts = formatter(locale, zone, options).formatToParts(new Date(from));
  const isTime = ({ type }: Intl.DateTimeFormatPart) => type === 'hour' || type === 'minute' || type === 'dayPeriod';
  const write = (some: Intl.DateTimeFormatPart[]) => some.map((part) => part.value).join('');
  const [first, last] = [parts.findIndex(isTime), parts.findLastIndex(isTime)];
  return write(parts.slice(0, first)) + hours(from, to, zone, locale) + write(parts.slice(last + 1));
}

/** Two times of day; what they share is said once. Of two days the language's own range would tell both dates. */
function hours(from: string, to: string, zone: string, locale: Locale): string {
  const day = (at: string) => formatter(locale, zone, { day: 'numeric', month: 'numeric', year: 'numeric' }).format(new Date(at));
  if (day(from) !== day(to)) return text.range(clock(from, zone, locale), clock(to, zone, locale));
  return formatter(locale, zone, { hour: 'numeric', minute: '2-digit' }).formatRange(new Date(from), new Date(to));
}

/** Day and month of an instant. */
export function dayAndMonth(at: string, zone: string, locale = reader): string {
  return formatter(locale, zone, { day: 'numeric', month: 'short' }).format(new Date(at));
}

/** How long something took, in its two largest units. */
export function lasting(milliseconds: number, locale = reader): string {
  const all = Math.round(milliseconds / MINUTE);
  const [days, hours, minutes] = [Math.floor(all / 1_440), Math.floor((all % 1_440) / 60), all % 60];
  const write = (count: number) => exact(count, locale);
  const [inHours, inMinutes] = [text.lasting.hours(write(hours), null), text.lasting.minutes(write(minutes))];
  if (days > 0) return text.lasting.days(write(days), hours > 0 ? inHours : null);
  return hours > 0 ? text.lasting.hours(write(hours), minutes > 0 ? inMinutes : null) : inMinutes;
}
