// Days, ready to be drawn.
import { expect, test } from 'vitest';
import { madeUpHistory, ORDINARY_PAST } from '../host/made-up-past';
import { dateOf, dayOf } from './days';
import { allDays, byDay, dayWidth, feet, measured, yearMonths, yearPlaces } from './figures';

const history = madeUpHistory(ORDINARY_PAST, '2026-02-13', '2026-03-14', 'model');
const last = dayOf('2026-03-14') ?? 0;

test('a range has all its days, those without messages too', () => {
  const days = allDays(history);
  expect(days).toHaveLength(30);
  expect([dateOf(days[0] ?? 0), dateOf(days.at(-1) ?? 0)]).toEqual(['2026-03-14', '2026-02-13']);
  expect(byDay(history.days).size).toBe(history.days.length);
  expect(history.days.length).toBeLessThan(30);
});

test('a mistyped year draws a century at most', () => {
  expect(allDays({ ...history, from: '0202-01-01' })).toHaveLength(36_525);
});

test('days share the room, and are never too thin to hit', () => {
  expect(dayWidth(300, 7)).toBeCloseTo(42.9, 1);
  expect(dayWidth(700, 7)).toBe(56);
  expect(dayWidth(244, 90)).toBeCloseTo(2.7, 1);
  expect(dayWidth(300, 365)).toBe(4);
});

test('what no price is known for is no cost', () => {
  expect(measured({ tokens: 7, cost: null }, 'cost')).toBe(0);
  expect(measured({ tokens: 7, cost: null }, 'tokens')).toBe(7);
});

test('dates under bars have room, today’s is among them, and long ranges tell months', () => {
  const dates = feet(allDays(history), 10);
  expect(dates[0]?.index).toBe(0);
  for (const [at, foot] of dates.entries()) if (at > 0) expect((foot.index - (dates[at - 1]?.index ?? 0)) * 10).toBeGreaterThanOrEqual(52);
  const year = feet(Array.from({ length: 365 }, (_, at) => last - at), 4);
  expect(year.map((foot) => foot.words)).toContain('2026');
  expect(year.every((foot) => foot.date.endsWith('-01'))).toBe(true);
});

test('a year of weeks ends with the day, each day in its own place', () => {
  const places = yearPlaces(last, 1);
  expect(places[0]).toEqual({ day: last, week: 52, row: 5 });
  expect(new Set(places.map((place) => place.week * 7 + place.row)).size).toBe(places.length);
  expect(yearMonths(places).length).toBeGreaterThanOrEqual(11);
});
