// The rows drawn for a scroll position.
import { expect, test } from 'vitest';
import { HEADING_HEIGHT, listHeight, type ListLayout, ROW_HEIGHT, rowAt, rowTop, scrollToReveal, visibleRows } from './virtual-list';

const plain: ListLayout = { opened: null, headings: [] };
const expanded: ListLayout = { opened: { index: 3, extraHeight: 200 }, headings: [] };
const grouped: ListLayout = { opened: { index: 2, extraHeight: 200 }, headings: [0, 2, 5] };

test('rows below the expanded one are moved down', () => {
  expect([0, 3, 4].map((index) => rowTop(index, plain))).toEqual([0, 3 * ROW_HEIGHT, 4 * ROW_HEIGHT]);
  expect([0, 3, 4].map((index) => rowTop(index, expanded))).toEqual([0, 3 * ROW_HEIGHT, 4 * ROW_HEIGHT + 200]);
  expect(listHeight(10, expanded)).toBe(10 * ROW_HEIGHT + 200);
});

test('every height is mapped to the row at it', () => {
  for (const layout of [plain, expanded]) {
    for (let index = 0; index < 8; index += 1) {
      expect(rowAt(rowTop(index, layout), layout), `top of row ${index}`).toBe(index);
      expect(rowAt(rowTop(index + 1, layout) - 1, layout), `bottom of row ${index}`).toBe(index);
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

test('headings move the rows from theirs on down, and belong to the row below them', () => {
  expect([0, 1, 2, 3].map((index) => rowTop(index, grouped))).toEqual([
    HEADING_HEIGHT,
    HEADING_HEIGHT + ROW_HEIGHT,
    2 * HEADING_HEIGHT + 2 * ROW_HEIGHT,
    2 * HEADING_HEIGHT + 3 * ROW_HEIGHT + 200,
  ]);
  expect(listHeight(8, grouped)).toBe(8 * ROW_HEIGHT + 3 * HEADING_HEIGHT + 200);
  for (let index = 0; index < 8; index += 1) {
    expect(rowAt(rowTop(index, grouped), grouped), `top of row ${index}`).toBe(index);
    expect(rowAt(rowTop(index, grouped) + ROW_HEIGHT - 1, grouped), `bottom of row ${index}`).toBe(index);
  }
  expect(rowAt(rowTop(5, grouped) - 1, grouped)).toBe(5);
  expect(scrollToReveal(5, 10_000, 400, grouped), 'with its heading').toBe(rowTop(5, grouped) - HEADING_HEIGHT);
});

test('an empty list draws nothing', () => {
  expect(visibleRows(0, 500, 0, plain)).toEqual({ first: 0, end: 0 });
});

test('a row is revealed with the least scrolling', () => {
  expect(scrollToReveal(0, 500, 400, plain), 'above the screen').toBe(0);
  expect(scrollToReveal(100, 0, 400, plain), 'below it').toBe(101 * ROW_HEIGHT - 400);
  expect(scrollToReveal(5, 0, 400, plain), 'on it').toBe(0);
});
