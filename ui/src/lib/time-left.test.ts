// The estimated time left.
import { expect, test } from 'vitest';
import { estimateTimeLeft, formatRoughDuration } from './time-left';

const first = { at: 1_000, bytes: 10 };

test('there is no estimate before two seconds', () => {
  expect(estimateTimeLeft(first, { at: 2_999, bytes: 60 }, 100)).toBeNull();
  expect(estimateTimeLeft(first, { at: 3_000, bytes: 60 }, 110)).toBe(2_000);
});

test('there is no estimate without progress', () => expect(estimateTimeLeft(first, { at: 60_000, bytes: 10 }, 100)).toBeNull());

test('the estimate is never negative', () => expect(estimateTimeLeft(first, { at: 3_000, bytes: 120 }, 100)).toBe(0));

test('an estimate is rounded up to 5 seconds, minutes or hours', () => {
  expect([0, 4_200, 5_001, 54_000, 56_000, 61_000, 3_540_001, 3_600_000].map(formatRoughDuration)).toEqual([
    '5 s',
    '5 s',
    '10 s',
    '55 s',
    '1 min',
    '2 min',
    '60 min',
    '1 h',
  ]);
});
