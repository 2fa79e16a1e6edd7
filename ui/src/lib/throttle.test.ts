// A burst of values, with fake timers.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DEFAULT_INTERVAL, throttle } from './throttle';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the first value passes at once', () => {
  const seen: number[] = [];
  throttle<number>((value) => seen.push(value)).push(1);
  expect(seen).toEqual([1]);
});

test('at most four values a second pass, including the last one', () => {
  const seen: number[] = [];
  const throttled = throttle<number>((value) => seen.push(value));
  for (let value = 0; value < 100; value += 1) {
    throttled.push(value);
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(DEFAULT_INTERVAL);
  expect(seen.length, 'a second of values, the first and the last included').toBeLessThanOrEqual(5);
  expect(seen.at(-1)).toBe(99);
});

test('a value after a pause passes at once', () => {
  const seen: number[] = [];
  const throttled = throttle<number>((value) => seen.push(value));
  throttled.push(1);
  vi.advanceTimersByTime(DEFAULT_INTERVAL);
  throttled.push(2);
  expect(seen).toEqual([1, 2]);
});

test('a second value passes at once after a pause, a third one waits for twice the interval', () => {
  const seen: number[] = [];
  const throttled = throttle<number>((value) => seen.push(value));
  for (const value of [1, 2, 3, 4]) throttled.push(value);
  expect(seen).toEqual([1, 2]);
  vi.advanceTimersByTime(2 * DEFAULT_INTERVAL - 1);
  expect(seen).toEqual([1, 2]);
  vi.advanceTimersByTime(1);
  expect(seen).toEqual([1, 2, 4]);
  throttled.push(5);
  expect(seen, 'there was no pause').toEqual([1, 2, 4]);
  vi.advanceTimersByTime(2 * DEFAULT_INTERVAL);
  throttled.push(6);
  throttled.push(7);
  expect(seen).toEqual([1, 2, 4, 5, 6, 7]);
});

test('no value passes after stop', () => {
  const seen: number[] = [];
  const throttled = throttle<number>((value) => seen.push(value));
  for (const value of [1, 2, 3]) throttled.push(value);
  throttled.stop();
  vi.advanceTimersByTime(10 * DEFAULT_INTERVAL);
  expect(seen).toEqual([1, 2]);
});
