// Which rows are drawn, and where.
import { expect, test } from 'vitest';
import { listHeight, reveal, ROW, rowAt, rowTop, span } from './viewport';

const opened = { index: 3, extra: 200 };

test('rows stand one below the other, those under the open one lower', () => {
  expect([0, 3, 4].map((index) => rowTop(index, null))).toEqual([0, 3 * ROW, 4 * ROW]);
  expect([0, 3, 4].map((index) => rowTop(index, opened))).toEqual([0, 3 * ROW, 4 * ROW + 200]);
  expect(listHeight(10, opened)).toBe(10 * ROW + 200);
});

test('every height belongs to the row that is there', () => {
  for (const open of [null, opened]) {
    for (let index = 0; index < 8; index += 1) {
      expect(rowAt(rowTop(index, open), open), `top of row ${index}`).toBe(index);
      expect(rowAt(rowTop(index + 1, open) - 1, open), `bottom of row ${index}`).toBe(index);
    }
  }
});

test('what is drawn covers the screen and stays small, wherever it is scrolled', () => {
  for (const scrolled of [-50, 0, 1_000, 100_000, 439_000, 10_000_000]) {
    const { first, end } = span(scrolled, 500, 10_000, opened);
    expect(first).toBeGreaterThanOrEqual(0);
    expect(end).toBeLessThanOrEqual(10_000);
    expect(end - first).toBeLessThan(40);
    expect(first).toBeLessThanOrEqual(end);
  }
});

test('an empty list draws nothing', () => {
  expect(span(0, 500, 0, null)).toEqual({ first: 0, end: 0 });
});

test('a row is revealed by the shortest way', () => {
  expect(reveal(0, 500, 400, null), 'above the screen').toBe(0);
  expect(reveal(100, 0, 400, null), 'below it').toBe(101 * ROW - 400);
  expect(reveal(5, 0, 400, null), 'on it').toBe(0);
});
