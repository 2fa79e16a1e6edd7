// Keyboard navigation over charts.
import { expect, test } from 'vitest';
import { nextIndex } from './roving-index';

const row = { count: 50, step: 1, pageSize: 10 };
const weeks = { count: 371, step: 7, pageSize: 28 };

test('left moves to earlier items, right to later ones, within the ends', () => {
  const keys = ['ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End'];
  expect(keys.map((key) => nextIndex(key, 20, row))).toEqual([21, 19, 30, 10, 49, 0]);
  expect(nextIndex('ArrowRight', 0, row)).toBe(0);
  expect(nextIndex('ArrowLeft', 49, row)).toBe(49);
});

test('in a heatmap, left and right move by a week, up and down by a day', () => {
  expect(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'].map((key) => nextIndex(key, 20, weeks))).toEqual([27, 13, 21, 19]);
  expect(nextIndex('ArrowUp', 3, row), 'a single row does not handle up and down').toBeNull();
});

test('other keys do not move, and neither does an empty chart', () => {
  expect(['Tab', 'Enter', 'a', 'constructor'].map((key) => nextIndex(key, 3, row))).toEqual([null, null, null, null]);
  expect(nextIndex('Home', 0, { ...row, count: 0 })).toBeNull();
});
