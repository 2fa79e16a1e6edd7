// Facts about a year of days.
import { expect, test } from 'vitest';
import type { HistoryDay } from '../../bindings/HistoryDay';
import { busiestHour, yearFacts } from './year-facts';

const used = (tokens: number): HistoryDay => ({ date: '', amount: { tokens, cost: tokens / 10 }, parts: [] });

test('a streak ends today or yesterday', () => {
  const days = new Map([[10, used(5)], [9, used(7)], [7, used(1)]]);
  expect(yearFacts(days, 10, 'tokens').streak).toBe(2);
  expect(yearFacts(days, 11, 'tokens').streak).toBe(2);
  expect(yearFacts(days, 12, 'tokens').streak).toBe(0);
});

test('the best day is that of the chosen measure, and days without usage do not count', () => {
  const days = new Map([[10, used(5)], [9, used(7)], [8, used(0)]]);
  expect(yearFacts(days, 10, 'tokens').best).toEqual({ day: 9, value: 7 });
  expect(yearFacts(days, 10, 'cost').best).toEqual({ day: 9, value: 0.7 });
  expect(yearFacts(days, 10, 'tokens').activeDays).toBe(2);
  expect(yearFacts(new Map(), 10, 'tokens').best).toBeNull();
});

test('the busiest hour has the most of the chosen measure', () => {
  const hours = [{ tokens: 1, cost: 0.1 }, { tokens: 6, cost: null }, { tokens: 3, cost: 0.3 }];
  expect(busiestHour(hours, 'tokens')).toEqual({ hour: 1, share: 0.6 });
  expect(busiestHour(hours, 'cost')?.hour).toBe(2);
  expect(busiestHour([{ tokens: 0, cost: 0 }], 'tokens')).toBeNull();
  expect(busiestHour([], 'tokens')).toBeNull();
});
