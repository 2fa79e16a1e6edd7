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

test('a minor change does not delay another one', () => {
  const seen: string[] = [];
  const isMinor = (value: string, last: string) => value[0] === last[0];
  const throttled = throttle<string>((value) => seen.push(value), { isMinor });
  throttled.push('a1');
  vi.advanceTimersByTime(DEFAULT_INTERVAL);
  throttled.push('a2');
  throttled.push('b1');
  expect(seen, 'the change after the minor one').toEqual(['a1', 'a2', 'b1']);
  throttled.push('b2');
  throttled.push('c1');
  throttled.push('c2');
  expect(seen, 'both kinds wait for the interval').toEqual(['a1', 'a2', 'b1']);
  vi.advanceTimersByTime(DEFAULT_INTERVAL - 1);
  expect(seen).toEqual(['a1', 'a2', 'b1']);
  vi.advanceTimersByTime(1);
  expect(seen, 'the latest value with the change').toEqual(['a1', 'a2', 'b1', 'c2']);
});

test('minor changes wait for an interval after every value', () => {
  const seen: number[] = [];
  const throttled = throttle<number>((value) => seen.push(value), { isMinor: () => true });
  throttled.push(1);
  throttled.push(2);
  expect(seen).toEqual([1]);
  vi.advanceTimersByTime(DEFAULT_INTERVAL);
  expect(seen).toEqual([1, 2]);
  throttled.push(3);
  throttled.push(4);
  vi.advanceTimersByTime(DEFAULT_INTERVAL);
  expect(seen).toEqual([1, 2, 4]);
});

test('no value passes after stop', () => {
  const seen: number[] = [];
  const throttled = throttle<number>((value) => seen.push(value));
  for (const value of [1, 2]) throttled.push(value);
  throttled.stop();
  vi.advanceTimersByTime(10 * DEFAULT_INTERVAL);
  expect(seen).toEqual([1]);
});
