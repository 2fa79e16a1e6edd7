// Things in a row, by their sizes.
import { expect, test } from 'vitest';
import { indexAt, inView, reveal, sizeOf, startOf, track } from './track';

const along = track([10, 20, 5, 5]);

test('each begins where the one before ends', () => {
  expect(along.starts).toEqual([0, 10, 30, 35, 40]);
  expect([sizeOf(along, 1), startOf(along, 9), along.length]).toEqual([20, 40, 40]);
});

test('what lies at a place is found, the ends beyond the ends', () => {
  expect([-5, 0, 9, 10, 29, 30, 34.9, 39, 400].map((place) => indexAt(along, place))).toEqual([0, 0, 0, 1, 1, 2, 2, 3, 3]);
  expect(indexAt(track([]), 3)).toBe(-1);
});

test('in view is what any part of is seen, and the margin', () => {
  expect(inView(along, 12, 10, 0)).toEqual({ first: 1, end: 2 });
  expect(inView(along, 12, 10, 12)).toEqual({ first: 0, end: 3 });
  expect(inView(track([]), 0, 100, 10)).toEqual({ first: 0, end: 0 });
});

test('revealing moves as little as it can', () => {
  expect(reveal(along, 1, 5, 30), 'seen already').toBe(5);
  expect(reveal(along, 0, 5, 30)).toBe(0);
  expect(reveal(along, 3, 0, 20)).toBe(20);
});
