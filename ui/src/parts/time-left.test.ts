// A guess of what is still to be read.
import { expect, test } from 'vitest';
import { roughly, timeLeft } from './time-left';

const first = { at: 1_000, bytes: 10 };

test('before two seconds nobody can tell', () => {
  expect(timeLeft(first, { at: 2_999, bytes: 60 }, 100)).toBeNull();
  expect(timeLeft(first, { at: 3_000, bytes: 60 }, 110)).toBe(2_000);
});

test('nothing read is no rate', () => expect(timeLeft(first, { at: 60_000, bytes: 10 }, 100)).toBeNull());

test('more than all is done', () => expect(timeLeft(first, { at: 3_000, bytes: 120 }, 100)).toBe(0));

test('it is told in fives of seconds, then in minutes, then in hours, rounded up', () => {
  expect([0, 4_200, 5_001, 54_000, 56_000, 61_000, 3_540_001, 3_600_000].map(roughly)).toEqual([
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
