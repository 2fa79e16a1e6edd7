// Today against yesterday.
import { expect, test } from 'vitest';
import { againstYesterday } from './comparison';

test('more and less are shares of yesterday, by this time of day', () => {
  expect(againstYesterday(112, 100)).toBe('12% more than yesterday by now');
  expect(againstYesterday(25, 100)).toBe('75% less than yesterday by now');
  expect(againstYesterday(0, 100)).toBe('100% less than yesterday by now');
});

test('what is nearly the same is the same', () => {
  expect(againstYesterday(1_005, 1_000)).toBe('as much as yesterday by now');
});

test('from three times on it is a multiple', () => {
  expect(againstYesterday(320, 100)).toBe('3.2 times yesterday by now');
  expect(againstYesterday(120_000, 100)).toBe('1,200 times yesterday by now');
});

test('of nothing there are no per cent', () => {
  expect(againstYesterday(5, 0)).toBe('nothing yesterday by now');
  expect(againstYesterday(0, 0)).toBeNull();
});
