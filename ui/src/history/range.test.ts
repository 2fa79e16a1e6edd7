// Ranges of days.
import { expect, test } from 'vitest';
import { dayOf } from './days';
import { asking, fault } from './range';

const today = dayOf('2026-03-14') ?? 0;
const own = { from: '2026-01-01', to: '2026-01-31' };

test('a range ends today and holds as many days as it says', () => {
  expect(asking('week', today, own)).toEqual({ from: '2026-03-08', to: null });
  expect(asking('month', today, own)).toEqual({ from: '2026-02-13', to: null });
  expect(asking('year', today, own)).toEqual({ from: '2025-03-15', to: null });
});

test('all is as far as there is anything, and own dates are taken as they are', () => {
  expect(asking('all', today, own)).toEqual({ from: null, to: null });
  expect(asking('own', today, own)).toEqual(own);
});

test('what is the matter with two dates is said of one of them', () => {
  expect(fault('2026-02-30', 'x')).toBe('from');
  expect(fault('2026-02-01', '2026-2-3')).toBe('to');
  expect(fault('2026-02-02', '2026-02-01')).toBe('order');
  expect(fault('2026-02-01', '2026-02-01')).toBeNull();
});
