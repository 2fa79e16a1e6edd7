// The layout of the year.
import { expect, test } from 'vitest';
import { layoutHeatmap } from './heatmap-layout';
import { spacedMonths } from './heatmap';

test('a year fits its width in one row', () => {
  for (const width of [272, 328, 700, 1_200]) {
    const layout = layoutHeatmap(width, 54);
    expect(layout.width).toBeLessThanOrEqual(width + 0.001);
    expect(layout.square).toBeGreaterThan(2);
    expect(layout.square).toBeLessThan(layout.side);
  }
});

test('cells do not grow beyond their maximum', () => {
  expect(layoutHeatmap(3_000, 54).side).toBe(21);
});

test('month labels keep their distance and stay inside', () => {
  const months = Array.from({ length: 12 }, (_, at) => ({ week: Math.round(at * 4.35), name: `${at}` }));
  const shown = spacedMonths(months, layoutHeatmap(328, 54));
  expect(shown.length).toBeGreaterThan(4);
  for (const [at, month] of shown.entries()) if (at > 0) expect(month.week - (shown[at - 1]?.week ?? 0)).toBeGreaterThan(3);
  expect(spacedMonths(months, layoutHeatmap(700, 54))).toHaveLength(12);
});
