// The bars of the day chart.
import { expect, test } from 'vitest';
import { DEFAULT_HISTORY, fixtureHistory } from '../../host/fixtures/history';
import { parseDay, toIsoDate } from '../../lib/calendar-day';
import { indexByDay } from './day-chart-layout';
import { binHistory, binWidth, createBin, layoutBinLabels, shownSpan, sumAmounts } from './history-bins';

const MONDAY = 1;
const history = (from: string, to = '2026-03-14') => fixtureHistory(DEFAULT_HISTORY, from, to, 'model');
const binned = (from: string) => binHistory(history(from), indexByDay(history(from).days), MONDAY);
const sumOf = (from: string) => binned(from).bins.reduce((sum, bin) => sum + bin.amount.tokens, 0);

test('a bar is a day up to 92 days, a week up to a year and a month beyond', () => {
  expect([binned('2026-02-13').unit, binned('2026-02-13').bins.length]).toEqual(['day', 30]);
  expect([binned('2025-12-15').unit, binned('2025-12-15').bins.length]).toEqual(['day', 90]);
  expect([binned('2025-03-15').unit, binned('2025-03-15').bins.length]).toEqual(['week', 53]);
  expect(binned('2025-01-19').unit).toBe('month');
});

test('no usage is lost by binning', () => {
  for (const from of ['2026-02-13', '2025-03-15', '2025-01-19']) expect(sumOf(from)).toBe(history(from).totals.totalTokens);
});

test('weeks and months begin at their first day, the earliest may be cut', () => {
  const weeks = binned('2025-03-15').bins;
  expect(toIsoDate(weeks[0]?.first ?? 0)).toBe('2026-03-09');
  expect(toIsoDate(weeks[0]?.last ?? 0)).toBe('2026-03-14');
  expect(toIsoDate(weeks[1]?.first ?? 0)).toBe('2026-03-02');
  expect(binned('2025-01-19').bins.slice(0, 2).map((bin) => toIsoDate(bin.first))).toEqual(['2026-03-01', '2026-02-01']);
});

test('a long range starts with its first usage, a short one with its first day', () => {
  expect(toIsoDate(shownSpan(history('2010-01-01')).first)).toBe(history('2010-01-01').days[0]?.date);
  expect(toIsoDate(shownSpan(history('2026-03-07')).first)).toBe('2026-03-07');
});

test('at most a century is drawn', () => {
  const { first, last } = shownSpan({ ...history('2026-03-01'), from: '0202-01-01', days: [] });
  expect(last - first + 1).toBeLessThanOrEqual(36_525);
});

test('a cost is unknown only if no amount has one', () => {
  expect(sumAmounts([{ tokens: 1, cost: null }, { tokens: 2, cost: 0.5 }])).toEqual({ tokens: 3, cost: 0.5 });
  expect(sumAmounts([{ tokens: 1, cost: null }])).toEqual({ tokens: 1, cost: null });
  expect(sumAmounts([])).toEqual({ tokens: 0, cost: 0 });
  const day = parseDay('2026-03-14') ?? 0;
  expect(createBin({ first: day, last: day }, new Map(), 2).parts).toHaveLength(2);
});

test('bars share the width, and their labels do not overlap', () => {
  expect(binWidth(300, 7)).toBeCloseTo(42.9, 1);
  expect(binWidth(700, 7)).toBe(56);
  const year = binned('2025-03-15');
  const labels = layoutBinLabels(year, 300 / year.bins.length);
  expect(labels.map((label) => label.text)).toContain('2026');
  for (const [at, label] of labels.entries()) if (at > 0) expect((label.index - (labels[at - 1]?.index ?? 0)) * (300 / 53)).toBeGreaterThanOrEqual(40);
  expect(layoutBinLabels(binned('2026-02-13'), 10)[0]?.index).toBe(0);
});
