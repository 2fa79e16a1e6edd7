// Formatting of instants and durations; the cases shared with core are in text-cases.test.ts.
import { expect, test } from 'vitest';
import { DAY, formatAgo, formatClock, formatDateTime, formatInterval, formatTimeLeft, formatUpcoming, HOUR, MINUTE } from './time';

const NOON = Date.parse('2026-03-14T12:00:00Z');
const before = (milliseconds: number) => new Date(NOON - milliseconds).toISOString();

test('times are shown in the given zone', () => {
  expect(formatClock(NOON, 'Europe/Berlin')).toBe('13:00');
  expect(formatClock(NOON, 'Asia/Kathmandu')).toBe('17:45');
});

test('an unknown zone falls back to UTC, and times say so', () => {
  expect(formatClock(NOON, 'Not/A_Zone')).toContain('12:00 UTC');
  expect(formatDateTime(NOON, 'Not/A_Zone')).toContain('UTC');
});

test('elapsed time is shown in its largest unit', () => {
  const texts = [30_000, 3 * MINUTE, 2 * HOUR, DAY, 3 * DAY].map((elapsed) => formatAgo(before(elapsed), NOON, 'UTC'));
  expect(texts).toEqual(['now', '3m ago', '2h ago', '1d ago', '3d ago']);
});

test('after a week the date is shown', () => {
  expect(formatAgo(before(8 * DAY), NOON, 'UTC')).toBe('Mar 6, 2026');
});

test('a time in the future is shown as now', () => {
  expect(formatAgo(before(-HOUR), NOON, 'UTC')).toBe('now');
});

test('a future time shows its weekday if it is not near', () => {
  const texts = [-2 * HOUR, -11 * HOUR, -3 * DAY].map((elapsed) => formatUpcoming(before(elapsed), NOON, 'UTC'));
  expect(texts).toEqual(['14:00', '23:00', 'Tue 12:00']);
});

test('the time left is cut to minutes', () => {
  const texts = [130 * MINUTE, 60 * MINUTE, 10 * MINUTE - 1, 1, 0, -MINUTE].map((left) => formatTimeLeft(left));
  expect(texts).toEqual(['2h 10m left', '1h left', '9m left', '<1m left', '0m left', '0m left']);
});

test('a time range shows its day once, even across midnight', () => {
  expect(formatInterval('2026-11-22T22:20:00Z', '2026-11-23T03:20:00Z', 'UTC')).toBe('Sun, Nov 22, 22:20 – 03:20');
  expect(formatInterval('2026-11-22T05:48:00Z', '2026-11-22T10:48:00Z', 'UTC')).toBe('Sun, Nov 22, 05:48 – 10:48');
});
