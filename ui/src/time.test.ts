// Instants in the viewer's zone and durations in words.
import { expect, test } from 'vitest';
import { ago, clock, DAY, HOUR, MINUTE, moment, remaining, upcoming } from './time';

const NOON = Date.parse('2026-03-14T12:00:00Z');
const before = (milliseconds: number) => new Date(NOON - milliseconds).toISOString();

test('a clock shows the zone of the snapshot, not of the machine', () => {
  expect(clock(NOON, 'Europe/Berlin', 'de-DE')).toBe('13:00');
  expect(clock(NOON, 'Asia/Kathmandu', 'de-DE')).toBe('17:45');
});

test('a zone the engine does not know is shown in UTC, and says so', () => {
  expect(clock(NOON, 'Not/A_Zone', 'de-DE')).toContain('12:00 UTC');
  expect(moment(NOON, 'Not/A_Zone', 'en-GB')).toContain('UTC');
});

test('how long ago is said in the largest unit that says enough', () => {
  const said = [30_000, 3 * MINUTE, 2 * HOUR, DAY, 3 * DAY].map((past) => ago(before(past), NOON, 'UTC', 'en-US'));
  expect(said).toEqual(['now', '3 min. ago', '2 hr. ago', 'yesterday', '3 days ago']);
});

test('from a week on a date is said', () => {
  expect(ago(before(8 * DAY), NOON, 'UTC', 'en-US')).toBe('Mar 6, 2026');
});

test('a time to come, from a clock that runs ahead, is now', () => {
  expect(ago(before(-HOUR), NOON, 'UTC', 'en-US')).toBe('now');
});

test('a time to come has its weekday once it is not near', () => {
  const said = [-2 * HOUR, -11 * HOUR, -3 * DAY].map((past) => upcoming(before(past), NOON, 'UTC', 'en-GB'));
  expect(said).toEqual(['14:00', '23:00', 'Tue 12:00']);
});

test('what remains is rounded up, so that the last minute is still one', () => {
  const said = [130 * MINUTE, 60 * MINUTE, 10 * MINUTE - 1, 1, 0, -MINUTE].map(remaining);
  expect(said).toEqual(['2 h 10 m left', '1 h 0 m left', '10 m left', '1 m left', '0 m left', '0 m left']);
});
