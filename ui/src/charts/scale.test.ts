// Axis scales, reference lines and heat steps.
import { expect, test } from 'vitest';
import { createHeatScale, createScale, heightRatio, visibleLines } from './scale';

test('a scale ends with a round figure above the maximum', () => {
  expect(createScale(4_200_000)).toEqual({ top: 4_500_000, ticks: [1_500_000, 3_000_000, 4_500_000] });
  expect(createScale(96).ticks).toEqual([25, 50, 75, 100]);
  expect(createScale(7.4)).toEqual({ top: 7.5, ticks: [2.5, 5, 7.5] });
  expect(createScale(5.02, 2)).toEqual({ top: 6, ticks: [3, 6] });
  expect(createScale(20.2, 2), 'one more tick instead of a third of empty space').toEqual({ top: 24, ticks: [8, 16, 24] });
  expect(createScale(100, 1)).toEqual({ top: 100, ticks: [100] });
});

test('a scale is less than twice its maximum', () => {
  for (let most = 0.003; most < 1e13; most *= 1.37) {
    const { top, ticks } = createScale(most);
    expect(top).toBeGreaterThanOrEqual(most * (1 - 1e-6));
    expect(top).toBeLessThan(most * 2);
    expect(ticks.length).toBeLessThanOrEqual(4);
  }
});

test('an empty chart has a scale', () => {
  expect(createScale(0)).toEqual({ top: 1, ticks: [1] });
  expect(createScale(Number.NaN).top).toBe(1);
});

test('a height is within the chart, and a small value is visible', () => {
  expect(heightRatio(5, 10)).toBe(0.5);
  expect(heightRatio(20, 10)).toBe(1);
  expect(heightRatio(1, 1_000, 0.02)).toBe(0.02);
  expect(heightRatio(0, 10, 0.02), 'but nothing is nothing').toBe(0);
});

test('a line far above the maximum is not drawn', () => {
  const lines = [{ name: 'limit', value: 900 }, { name: 'P90', value: 90 }, { name: 'none', value: 0 }];
  expect(visibleLines(lines, 100).map((line) => line.name)).toEqual(['P90']);
});

test('the steps of a heatmap are quartiles of the days with usage', () => {
  const step = createHeatScale([0, 1, 2, 3, 4, 5, 6, 7, 8, 1_000]);
  expect([0, 1, 4, 6, 1_000].map(step)).toEqual([0, 1, 2, 3, 4]);
  expect(createHeatScale([7])(7), 'a single day has the first step').toBe(1);
  expect(createHeatScale([])(0)).toBe(0);
});
