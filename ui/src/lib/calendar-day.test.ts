// Calendar days.
import { expect, test } from 'vitest';
import { dayInWeek, firstWeekday, formatDay, formatDayHeading, formatShortDay, monthStart, parseDay, toIsoDate, weekdayOf, yearStart } from './calendar-day';

const at = (date: string) => parseDay(date) ?? Number.NaN;

test('dates are converted to day numbers and back', () => {
  expect(parseDay('1970-01-01')).toBe(0);
  for (const date of ['2026-03-14', '2024-02-29', '1999-12-31']) expect(toIsoDate(at(date))).toBe(date);
  expect(at('2026-03-30') - at('2026-03-28'), 'clocks going forward lose no day').toBe(2);
});

test('dates that do not exist are rejected', () => {
  for (const written of ['2026-02-30', '2025-02-29', '2026-13-01', '2026-1-1', '14.3.2026', '2026-03-14 ', '', 'yesterday', '2026-00-10']) {
    expect(parseDay(written), written).toBeNull();
  }
});

test('days are formatted in English, without a time zone', () => {
  expect(formatDay(at('2026-03-14'))).toBe('Sat, Mar 14, 2026');
  expect([formatDayHeading('2026-03-14'), formatDayHeading('no date')]).toEqual(['Sat, Mar 14', 'no date']);
  expect(formatShortDay(at('2026-03-14'))).toBe('Mar 14');
  expect(weekdayOf(at('2026-03-14'))).toBe(6);
  expect(weekdayOf(-1), 'before 1970 too').toBe(3);
});

test('a month starts with its first day', () => {
  expect(['2026-01-01', '2024-02-29', '2026-12-31'].map((date) => toIsoDate(monthStart(at(date))))).toEqual(['2026-01-01', '2024-02-01', '2026-12-01']);
});

test('the first day of the week comes from the settings, otherwise from the locale', () => {
  expect(firstWeekday('sunday')).toBe(0);
  expect(firstWeekday('saturday')).toBe(6);
  expect(['en-US', 'de-DE', 'ar-EG'].map((locale) => firstWeekday('auto', locale))).toEqual([0, 1, 6]);
});

test('a year starts with a whole week and has at least 365 days', () => {
  for (const first of [0, 1, 6]) {
    const begin = yearStart(at('2026-03-14'), first);
    expect(dayInWeek(begin, first)).toBe(0);
    expect(at('2026-03-14') - begin).toBeGreaterThanOrEqual(364);
    expect(at('2026-03-14') - begin).toBeLessThan(371);
  }
});
