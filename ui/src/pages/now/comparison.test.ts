// The comparison with yesterday.
import { expect, test } from 'vitest';
import { compareWithYesterday } from './comparison';

test('a difference is shown as a percentage of yesterday', () => {
  expect(compareWithYesterday(112, 100)).toBe('12% more than yesterday by now');
  expect(compareWithYesterday(25, 100)).toBe('75% less than yesterday by now');
  expect(compareWithYesterday(0, 100)).toBe('100% less than yesterday by now');
});

test('a small difference counts as the same', () => {
  expect(compareWithYesterday(1_005, 1_000)).toBe('same as yesterday by now');
});

test('from three times on, a multiple is shown', () => {
  expect(compareWithYesterday(320, 100)).toBe('3.2 times yesterday by now');
  expect(compareWithYesterday(120_000, 100)).toBe('1,200 times yesterday by now');
});

test('there is no percentage of an empty yesterday', () => {
  expect(compareWithYesterday(5, 0)).toBe('nothing yesterday by now');
  expect(compareWithYesterday(0, 0)).toBeNull();
});
