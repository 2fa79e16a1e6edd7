// Days of the calendar.
import { expect, test } from 'vitest';
import { dateOf, dayName, dayOf, firstWeekday, placeInWeek, shortDay, weekday, weekdayNames, yearOfWeeks } from './days';

const at = (date: string) => dayOf(date) ?? Number.NaN;

test('a date is a number of days, and back', () => {
  expect(dayOf('1970-01-01')).toBe(0);
  for (const date of ['2026-03-14', '2024-02-29', '1999-12-31']) expect(dateOf(at(date))).toBe(date);
  expect(at('2026-03-30') - at('2026-03-28'), 'clocks going forward lose no day').toBe(2);
});

test('what no calendar has is no date', () => {
  for (const written of ['2026-02-30', '2025-02-29', '2026-13-01', '2026-1-1', '14.3.2026', '2026-03-14 ', '', 'yesterday', '2026-00-10']) {
    expect(dayOf(written), written).toBeNull();
  }
});

test('days are named in the reader’s language, in no zone', () => {
  expect(dayName(at('2026-03-14'), 'en-GB')).toBe('Sat 14 Mar 2026'.replace('Sat 14', 'Sat, 14'));
  expect(shortDay(at('2026-03-14'), 'de-DE')).toBe('14. März');
  expect(weekday(at('2026-03-14'))).toBe(6);
  expect(weekday(-1), 'before 1970 too').toBe(3);
});

test('a week begins where the settings say, else where the language has it', () => {
  expect(firstWeekday('sunday')).toBe(0);
  expect(firstWeekday('saturday')).toBe(6);
  expect(['en-US', 'de-DE', 'ar-EG'].map((locale) => firstWeekday('auto', locale))).toEqual([0, 1, 6]);
  expect(weekdayNames(1, 'en-GB'), 'three names are enough').toEqual(['Mon', '', 'Wed', '', 'Fri', '', '']);
  expect(weekdayNames(6, 'en-GB')).toEqual(['', '', 'Mon', '', 'Wed', '', 'Fri']);
});

test('a year of weeks begins with a whole week and holds a year', () => {
  for (const first of [0, 1, 6]) {
    const begin = yearOfWeeks(at('2026-03-14'), first);
    expect(placeInWeek(begin, first)).toBe(0);
    expect(at('2026-03-14') - begin).toBeGreaterThanOrEqual(364);
    expect(at('2026-03-14') - begin).toBeLessThan(371);
  }
});
