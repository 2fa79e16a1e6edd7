// The rows drawn for a scroll position.
import { expect, test } from 'vitest';
import { listHeight, ROW_HEIGHT, rowAt, rowTop, scrollToReveal, visibleRows } from './virtual-list';

const expanded = { index: 3, extraHeight: 200 };

test('rows below the expanded one are moved down', () => {
  expect([0, 3, 4].map((index) => rowTop(index, null))).toEqual([0, 3 * ROW_HEIGHT, 4 * ROW_HEIGHT]);
  expect([0, 3, 4].map((index) => rowTop(index, expanded))).toEqual([0, 3 * ROW_HEIGHT, 4 * ROW_HEIGHT + 200]);
  expect(listHeight(10, expanded)).toBe(10 * ROW_HEIGHT + 200);
});

test('every height is mapped to the row at it', () => {
  for (const expandedRow of [null, expanded]) {
    for (let index = 0; index < 8; index += 1) {
      expect(rowAt(rowTop(index, expandedRow), expandedRow), `top of row ${index}`).toBe(index);
      expect(rowAt(rowTop(index + 1, expandedRow) - 1, expandedRow), `bottom of row ${index}`).toBe(index);
    }
  }
});

test('few rows are drawn at every scroll position', () => {
  for (const scrolled of [-50, 0, 1_000, 100_000, 439_000, 10_000_000]) {
    const { first, end } = visibleRows(scrolled, 500, 10_000, expanded);
    expect(first).toBeGreaterThanOrEqual(0);
    expect(end).toBeLessThanOrEqual(10_000);
    expect(end - first).toBeLessThan(40);
    expect(first).toBeLessThanOrEqual(end);
  }
});

test('an empty list draws nothing', () => {
  expect(visibleRows(0, 500, 0, null)).toEqual({ first: 0, end: 0 });
});

test('a row is revealed with the least scrolling', () => {
  expect(scrollToReveal(0, 500, 400, null), 'above the screen').toBe(0);
  expect(scrollToReveal(100, 0, 400, null), 'below it').toBe(101 * ROW_HEIGHT - 400);
  expect(scrollToReveal(5, 0, 400, null), 'on it').toBe(0);
});
