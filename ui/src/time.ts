// Instants and durations as words. Pure: the instant and the zone are arguments, no clock is read here.
// It refuses to fail on a zone the engine does not know; UTC stands in, and the clock says so.
import { reader, type Locale } from './format';
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
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC', timeZoneName: 'short' });
  }
}

const relatives = new Map<string, Intl.RelativeTimeFormat>();

function relativeIn(locale: Locale): Intl.RelativeTimeFormat {
  const found = relatives.get(locale) ?? new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  relatives.set(locale, found);
  return found;
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
  const relative = relativeIn(locale);
  if (past < HOUR) return relative.format(-Math.floor(past / MINUTE), 'minute');
  if (past < DAY) return relative.format(-Math.floor(past / HOUR), 'hour');
  return relative.format(-Math.floor(past / DAY), 'day');
}

/** What remains, rounded up: the last minute is still a minute. */
export function remaining(milliseconds: number): string {
  if (milliseconds <= 0) return text.left.none;
  const minutes = Math.ceil(milliseconds / MINUTE);
  return text.left.some(Math.floor(minutes / 60), minutes % 60);
}

/** From when to when, with the day: "14 Mar, 11:48 – 16:48". */
export function interval(from: string, to: string, zone: string, locale = reader): string {
  const options = { weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' } as const;
  return formatter(locale, zone, options).formatRange(new Date(from), new Date(to));
}

/** Day and month of an instant. */
export function dayAndMonth(at: string, zone: string, locale = reader): string {
  return formatter(locale, zone, { day: 'numeric', month: 'short' }).format(new Date(at));
}

/** How long something took, in its two largest units. */
export function lasting(milliseconds: number): string {
  const minutes = Math.round(milliseconds / MINUTE);
  const [days, hours] = [Math.floor(minutes / 1_440), Math.floor((minutes % 1_440) / 60)];
  if (days > 0) return text.lasting.days(days, hours);
  return hours > 0 ? text.lasting.hours(hours, minutes % 60) : text.lasting.minutes(minutes);
}
