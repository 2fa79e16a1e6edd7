// Formatting of instants and durations: the same rules as `token_monitor_core::text::format`, proved by the shared table of
// cases. Pure: time and zone are arguments. The clock has 24 hours. A zone that is unknown is replaced by UTC, and times then
// end with UTC.
import { text } from '../strings';
import { DISPLAY_LOCALE, formatNumber } from './format';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const formatters = new Map<string, { formatter: Intl.DateTimeFormat; suffix: string }>();

function format(at: string | number, zone: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${zone}|${JSON.stringify(options)}`;
  const cached = formatters.get(key) ?? createFormatter(zone, options);
  formatters.set(key, cached);
  return cached.formatter.format(new Date(at)) + cached.suffix;
}

function createFormatter(zone: string, options: Intl.DateTimeFormatOptions): { formatter: Intl.DateTimeFormat; suffix: string } {
  const complete = { ...options, hourCycle: 'h23' } as const;
  try {
    return { formatter: new Intl.DateTimeFormat(DISPLAY_LOCALE, { ...complete, timeZone: zone }), suffix: '' };
  } catch {
    const suffix = 'hour' in options ? ' UTC' : '';
    return { formatter: new Intl.DateTimeFormat(DISPLAY_LOCALE, { ...complete, timeZone: 'UTC' }), suffix };
  }
}

const CLOCK = { hour: '2-digit', minute: '2-digit' } as const;
const DAY_AND_MONTH = { day: 'numeric', month: 'short' } as const;

/** Formats hour and minute: 14:00. */
export function formatClock(at: string | number, zone: string): string {
  return format(at, zone, CLOCK);
}

/** Formats an hour of the day, from 0 to 23, by its ends: 16–17. */
export function formatHour(hour: number): string {
  return `${hour}–${hour + 1}`;
}

/** Time ahead up to which a time of day is unambiguous without a date. */
const MAX_CLOCK_ONLY = 20 * HOUR;

/** Formats a time near now: 14:00 within 20 hours, Mon 14:00 within the next six days, otherwise Mar 9, 14:00. */
export function formatUpcoming(at: string, now: number, zone: string): string {
  if (Math.abs(Date.parse(at) - now) < MAX_CLOCK_ONLY) return formatClock(at, zone);
  const days = localDay(at, zone) - localDay(now, zone);
  const date = days >= 0 && days < 7 ? `${format(at, zone, { weekday: 'short' })} ` : `${formatDayAndMonth(at, zone)}, `;
  return date + formatClock(at, zone);
}

/** Returns the local date as a number of days. */
function localDay(at: string | number, zone: string): number {
  const [month, day, year] = format(at, zone, { day: 'numeric', month: 'numeric', year: 'numeric' }).split('/').map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day) / DAY;
}

/** Returns the local date as yyyy-mm-dd. */
export function formatIsoDay(at: string | number, zone: string): string {
  return new Date(localDay(at, zone) * DAY).toISOString().slice(0, 10);
}

/** Formats a date: Mar 9, 2026. */
export function formatDate(at: string | number, zone: string): string {
  return format(at, zone, { ...DAY_AND_MONTH, year: 'numeric' });
}

/** Formats a date with its time of day: Mar 9, 2026, 14:00. */
export function formatDateTime(at: string | number, zone: string): string {
  return `${formatDate(at, zone)}, ${formatClock(at, zone)}`;
}

/** Formats the time since an instant in its largest unit; as a date after a week. */
export function formatAgo(at: string, now: number, zone: string): string {
  const elapsed = now - Date.parse(at);
  if (elapsed < MINUTE) return text.justNow;
  return elapsed >= 7 * DAY ? formatDate(at, zone) : text.ago(formatAge(Math.floor(elapsed / MINUTE)));
}

/** Formats an age in its largest unit, rounded down: 25m, 3h, 2d. */
export function formatAge(minutes: number): string {
  if (minutes < 60) return `${minutes}m`;
  return minutes < 1_440 ? `${Math.floor(minutes / 60)}h` : `${Math.floor(minutes / 1_440)}d`;
}

/** Formats a time to count down, rounded up to whole seconds: 4:41, 59:07. */
export function formatCountdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / SECOND));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Formats the time left, cut to whole minutes. */
export function formatTimeLeft(milliseconds: number): string {
  return text.timeLeft(formatDuration(milliseconds));
}

/** Formats a time range with the day it starts on: "Sun, Nov 22, 22:20 – 03:20". */
export function formatInterval(from: string, to: string, zone: string): string {
  const day = format(from, zone, { weekday: 'short', ...DAY_AND_MONTH });
  return `${day}, ${text.range(formatClock(from, zone), formatClock(to, zone))}`;
}

/** Formats a weekday: Thu. */
export function formatWeekday(at: number, zone: string): string {
  return format(at, zone, { weekday: 'short' });
}

/** Formats day and month: Mar 9. */
export function formatDayAndMonth(at: string, zone: string): string {
  return format(at, zone, DAY_AND_MONTH);
}

/** Formats a duration in its two largest units, cut to whole minutes: 3d 20h, 2h 13m, 9m, <1m, 0m. */
export function formatDuration(milliseconds: number): string {
  const total = Math.max(0, Math.floor(milliseconds / MINUTE));
  if (total === 0) return milliseconds > 0 ? '<1m' : '0m';
  const [days, hours, minutes] = [Math.floor(total / 1_440), Math.floor((total % 1_440) / 60), total % 60];
  if (days > 0) return joinUnits(`${formatNumber(days)}d`, hours, 'h');
  return hours > 0 ? joinUnits(`${hours}h`, minutes, 'm') : `${minutes}m`;
}

function joinUnits(larger: string, count: number, unit: string): string {
  return count > 0 ? `${larger} ${count}${unit}` : larger;
}
