// The layout of the day chart and of the year.
import { expect, test } from 'vitest';
import { DEFAULT_HISTORY, fixtureHistory } from '../../host/fixtures/history';
import { parseDay, toIsoDate } from '../../lib/calendar-day';
import { amountIn, daysInRange, dayWidth, indexByDay, layoutDateLabels, layoutYear, monthLabels } from './day-chart-layout';

const history = fixtureHistory(DEFAULT_HISTORY, '2026-02-13', '2026-03-14', 'model');
const last = parseDay('2026-03-14') ?? 0;

test('a range includes the days without messages', () => {
  const days = daysInRange(history);
  expect(days).toHaveLength(30);
  expect([toIsoDate(days[0] ?? 0), toIsoDate(days.at(-1) ?? 0)]).toEqual(['2026-03-14', '2026-02-13']);
  expect(indexByDay(history.days).size).toBe(history.days.length);
  expect(history.days.length).toBeLessThan(30);
});

test('at most a century is drawn', () => {
  expect(daysInRange({ ...history, from: '0202-01-01' })).toHaveLength(36_525);
});

test('days share the width, within a minimum and a maximum', () => {
  expect(dayWidth(300, 7)).toBeCloseTo(42.9, 1);
  expect(dayWidth(700, 7)).toBe(56);
  expect(dayWidth(244, 90)).toBeCloseTo(2.7, 1);
  expect(dayWidth(300, 365)).toBe(4);
});

test('an unknown price counts as no cost', () => {
  expect(amountIn({ tokens: 7, cost: null }, 'cost')).toBe(0);
  expect(amountIn({ tokens: 7, cost: null }, 'tokens')).toBe(7);
});

test('date labels do not overlap, include today, and are months for long ranges', () => {
  const dates = layoutDateLabels(daysInRange(history), 10);
  expect(dates[0]?.index).toBe(0);
  for (const [at, label] of dates.entries()) if (at > 0) expect((label.index - (dates[at - 1]?.index ?? 0)) * 10).toBeGreaterThanOrEqual(52);
  const year = layoutDateLabels(Array.from({ length: 365 }, (_, at) => last - at), 4);
  expect(year.map((label) => label.text)).toContain('2026');
  expect(year.every((label) => label.date.endsWith('-01'))).toBe(true);
});

test('a year ends with the given day, and no two days share a cell', () => {
  const places = layoutYear(last, 1);
  expect(places[0]).toEqual({ day: last, week: 52, row: 5 });
  expect(new Set(places.map((place) => place.week * 7 + place.row)).size).toBe(places.length);
  expect(monthLabels(places).length).toBeGreaterThanOrEqual(11);
});
