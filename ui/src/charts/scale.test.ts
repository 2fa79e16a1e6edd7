// Axes and labels by the numbers.
import { expect, test } from 'vitest';
import { heat, heightOf, inSight, scale } from './scale';

test('a scale ends with a round figure that holds the most', () => {
  expect(scale(4_200_000)).toEqual({ top: 4_500_000, ticks: [1_500_000, 3_000_000, 4_500_000] });
  expect(scale(96).ticks).toEqual([25, 50, 75, 100]);
  expect(scale(7.4)).toEqual({ top: 7.5, ticks: [2.5, 5, 7.5] });
  expect(scale(5.02, 2)).toEqual({ top: 6, ticks: [3, 6] });
  expect(scale(20.2, 2), 'one tick more rather than a third of nothing').toEqual({ top: 24, ticks: [8, 16, 24] });
  expect(scale(100, 1)).toEqual({ top: 100, ticks: [100] });
});

test('any most is within its scale, by less than twice', () => {
  for (let most = 0.003; most < 1e13; most *= 1.37) {
    const { top, ticks } = scale(most);
    expect(top).toBeGreaterThanOrEqual(most * (1 - 1e-6));
    expect(top).toBeLessThan(most * 2);
    expect(ticks.length).toBeLessThanOrEqual(4);
  }
});

test('of nothing there is a scale all the same', () => {
  expect(scale(0)).toEqual({ top: 1, ticks: [1] });
  expect(scale(Number.NaN).top).toBe(1);
});

test('a height never leaves the chart, and what is small is seen', () => {
  expect(heightOf(5, 10)).toBe(0.5);
  expect(heightOf(20, 10)).toBe(1);
  expect(heightOf(1, 1_000, 0.02)).toBe(0.02);
  expect(heightOf(0, 10, 0.02), 'but nothing is nothing').toBe(0);
});

test('a limit far above everything is left out of sight', () => {
  const marks = [{ name: 'limit', value: 900 }, { name: 'P90', value: 90 }, { name: 'none', value: 0 }];
  expect(inSight(marks, 100).map((mark) => mark.name)).toEqual(['P90']);
});

test('the steps of a heatmap are quarters of the days with something', () => {
  const step = heat([0, 1, 2, 3, 4, 5, 6, 7, 8, 1_000]);
  expect([0, 1, 4, 6, 1_000].map(step)).toEqual([0, 1, 2, 3, 4]);
  expect(heat([7])(7), 'one day alone is a step of its own').toBe(1);
  expect(heat([])(0)).toBe(0);
});
