// The amounts of days, and the layout of the year.
import { expect, test } from 'vitest';
import { parseDay } from '../../lib/calendar-day';
import { amountIn, layoutYear, monthLabels } from './day-chart-layout';

const last = parseDay('2026-03-14') ?? 0;

test('an unknown price counts as no cost', () => {
  expect(amountIn({ tokens: 7, cost: null }, 'cost')).toBe(0);
  expect(amountIn({ tokens: 7, cost: null }, 'tokens')).toBe(7);
});

test('a year ends with the given day, and no two days share a cell', () => {
  const places = layoutYear(last, 1);
  expect(places[0]).toEqual({ day: last, week: 52, row: 5 });
  expect(new Set(places.map((place) => place.week * 7 + place.row)).size).toBe(places.length);
  expect(monthLabels(places).length).toBeGreaterThanOrEqual(11);
});
