// Positions on a virtual axis.
import { expect, test } from 'vitest';
import { createVirtualAxis, indexAt, scrollToReveal, sizeOf, startOf, visibleSpan } from './virtual-axis';

const axis = createVirtualAxis([10, 20, 5, 5]);

test('each item starts at the end of the previous one', () => {
  expect(axis.starts).toEqual([0, 10, 30, 35, 40]);
  expect([sizeOf(axis, 1), startOf(axis, 9), axis.length]).toEqual([20, 40, 40]);
});

test('the item at a position is found, clamped to the ends', () => {
  expect([-5, 0, 9, 10, 29, 30, 34.9, 39, 400].map((place) => indexAt(axis, place))).toEqual([0, 0, 0, 1, 1, 2, 2, 3, 3]);
  expect(indexAt(createVirtualAxis([]), 3)).toBe(-1);
});

test('partly visible items and the margin are in view', () => {
  expect(visibleSpan(axis, 12, 10, 0)).toEqual({ first: 1, end: 2 });
  expect(visibleSpan(axis, 12, 10, 12)).toEqual({ first: 0, end: 3 });
  expect(visibleSpan(createVirtualAxis([]), 0, 100, 10)).toEqual({ first: 0, end: 0 });
});

test('an item is revealed with the least scrolling', () => {
  expect(scrollToReveal(axis, 1, 5, 30), 'seen already').toBe(5);
  expect(scrollToReveal(axis, 0, 5, 30)).toBe(0);
  expect(scrollToReveal(axis, 3, 0, 20)).toBe(20);
});
