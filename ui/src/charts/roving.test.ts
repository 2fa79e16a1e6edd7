// Keys over charts.
import { expect, test } from 'vitest';
import { ledTo } from './roving';

const row = { count: 50, line: 1, page: 10 };
const weeks = { count: 371, line: 7, page: 28 };

test('left is earlier, right is later, and the ends hold', () => {
  const keys = ['ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End'];
  expect(keys.map((key) => ledTo(key, 20, row))).toEqual([21, 19, 30, 10, 49, 0]);
  expect(ledTo('ArrowRight', 0, row)).toBe(0);
  expect(ledTo('ArrowLeft', 49, row)).toBe(49);
});

test('in weeks, sideways is a week and up or down a day', () => {
  expect(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'].map((key) => ledTo(key, 20, weeks))).toEqual([27, 13, 21, 19]);
  expect(ledTo('ArrowUp', 3, row), 'a row leaves up and down to the page').toBeNull();
});

test('other keys stay, and nothing is nowhere to go', () => {
  expect(['Tab', 'Enter', 'a', 'constructor'].map((key) => ledTo(key, 3, row))).toEqual([null, null, null, null]);
  expect(ledTo('Home', 0, { ...row, count: 0 })).toBeNull();
});
