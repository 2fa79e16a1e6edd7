// Ranges of days.
import { expect, test } from 'vitest';
import { parseDay } from '../../lib/calendar-day';
import { resolveRange, validateDates } from './date-range';

const today = parseDay('2026-03-14') ?? 0;
const customDates = { from: '2026-01-01', to: '2026-01-31' };

test('a range ends today and has its number of days', () => {
  expect(resolveRange('week', today, customDates)).toEqual({ from: '2026-03-08', to: null });
  expect(resolveRange('month', today, customDates)).toEqual({ from: '2026-02-13', to: null });
  expect(resolveRange('year', today, customDates)).toEqual({ from: '2025-03-15', to: null });
});

test('all has open ends, and custom dates are unchanged', () => {
  expect(resolveRange('all', today, customDates)).toEqual({ from: null, to: null });
  expect(resolveRange('custom', today, customDates)).toEqual(customDates);
});

test('invalid dates are reported with the field at fault', () => {
  expect(validateDates('2026-02-30', 'x')).toBe('from');
  expect(validateDates('2026-02-01', '2026-2-3')).toBe('to');
  expect(validateDates('2026-02-02', '2026-02-01')).toBe('order');
  expect(validateDates('2026-02-01', '2026-02-01')).toBeNull();
});
