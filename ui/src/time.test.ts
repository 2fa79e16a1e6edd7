// Instants in the viewer's zone and durations in words.
import { expect, test } from 'vitest';
import { ago, clock, DAY, HOUR, interval, lasting, MINUTE, moment, remaining, upcoming } from './time';

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
  expect(said).toEqual(['now', '3 min ago', '2 h ago', '1 day ago', '3 days ago']);
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
  const said = [130 * MINUTE, 60 * MINUTE, 10 * MINUTE - 1, 1, 0, -MINUTE].map((left) => remaining(left));
  expect(said).toEqual(['2 h 10 m left', '1 h 0 m left', '10 m left', '1 m left', '0 m left', '0 m left']);
});

test('words are those of the catalogue, their numbers are written as the reader’s language writes them', () => {
  expect(ago(before(25 * MINUTE), NOON, 'UTC', 'de-DE')).toBe('25 min ago');
  expect(ago(before(25 * MINUTE), NOON, 'UTC', 'ar-EG')).toBe('٢٥ min ago');
  expect(remaining(130 * MINUTE, 'ar-EG')).toBe('٢ h ١٠ m left');
  expect([lasting(90 * MINUTE, 'en-GB'), lasting(50 * HOUR, 'en-GB'), lasting(DAY, 'en-GB'), lasting(5 * HOUR, 'ar-EG')]).toEqual(['1 h 30 m', '2 d 2 h', '1 d', '٥ h']);
});

test('an interval tells its day once, across midnight too', () => {
  const spaces = (words: string) => words.replace(/[\u2009\u202f\u00a0]/g, ' ');
  expect(spaces(interval('2026-11-22T22:20:00Z', '2026-11-23T03:20:00Z', 'UTC', 'en-US'))).toBe('Sun, Nov 22, 10:20 PM – 3:20 AM');
  expect(spaces(interval('2026-11-22T10:20:00Z', '2026-11-22T15:20:00Z', 'UTC', 'en-US'))).toBe('Sun, Nov 22, 10:20 AM – 3:20 PM');
  expect(spaces(interval('2026-11-22T05:48:00Z', '2026-11-22T10:48:00Z', 'UTC', 'en-US'))).toBe('Sun, Nov 22, 5:48 – 10:48 AM');
  expect(spaces(interval('2026-11-22T22:20:00Z', '2026-11-23T03:20:00Z', 'UTC', 'de-DE'))).toMatch(/^So., 22. Nov., 22:20 – 0?3:20$/);
});
