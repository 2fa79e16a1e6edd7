// A burst of values, on a clock the test moves.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FIGURE_PACE, pace } from './pace';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the first value passes at once', () => {
  const seen: number[] = [];
  pace<number>((value) => seen.push(value)).offer(1);
  expect(seen).toEqual([1]);
});

test('of a burst at most four a second pass, and the last one always', () => {
  const seen: number[] = [];
  const paced = pace<number>((value) => seen.push(value));
  for (let value = 0; value < 100; value += 1) {
    paced.offer(value);
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(FIGURE_PACE);
  expect(seen.length, 'a second of values, the first and the last included').toBeLessThanOrEqual(5);
  expect(seen.at(-1)).toBe(99);
});

test('a value after a pause passes at once again', () => {
  const seen: number[] = [];
  const paced = pace<number>((value) => seen.push(value));
  paced.offer(1);
  vi.advanceTimersByTime(FIGURE_PACE);
  paced.offer(2);
  expect(seen).toEqual([1, 2]);
});

test('nothing passes once it was stopped', () => {
  const seen: number[] = [];
  const paced = pace<number>((value) => seen.push(value));
  paced.offer(1);
  paced.offer(2);
  paced.stop();
  vi.advanceTimersByTime(10 * FIGURE_PACE);
  expect(seen).toEqual([1]);
});
