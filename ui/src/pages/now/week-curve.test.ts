// The cumulative usage of an official week.
import { expect, test } from 'vitest';
import { midnightsBetween, weekCurve } from './week-curve';

const at = (iso: string) => Date.parse(iso);

test('local midnights are found in every zone and across a change of the clocks', () => {
  expect(midnightsBetween(at('2026-03-28T10:00:00Z'), at('2026-03-30T12:00:00Z'), 'Europe/Berlin')).toEqual([at('2026-03-28T23:00:00Z'), at('2026-03-29T22:00:00Z')]);
  expect(midnightsBetween(at('2026-03-28T10:00:00Z'), at('2026-03-29T12:00:00Z'), 'Asia/Kathmandu')).toEqual([at('2026-03-28T18:15:00Z')]);
});

test('the curve has a point at each midnight, and days before the week do not count', () => {
  const days = [
    { date: '2026-03-11', tokens: 500 },
    { date: '2026-03-12', tokens: 30 },
    { date: '2026-03-13', tokens: 50 },
  ];
  const curve = weekCurve({ start: at('2026-03-11T09:00:00Z'), now: at('2026-03-13T15:00:00Z'), zone: 'UTC', total: 100, days, value: 50 });
  expect(curve.map((point) => point.value)).toEqual([0, 10, 25, 50]);
});

test('a week without tokens on this computer has a straight curve', () => {
  const curve = weekCurve({ start: at('2026-03-11T09:00:00Z'), now: at('2026-03-11T15:00:00Z'), zone: 'UTC', total: 0, days: [], value: 12 });
  expect(curve.map((point) => point.value)).toEqual([0, 12]);
});
