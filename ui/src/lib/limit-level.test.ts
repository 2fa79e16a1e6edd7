// The thresholds of the limit levels.
import { expect, test } from 'vitest';
import { limitLevel } from './limit-level';

test('a level applies from its threshold', () => {
  const levels = [0, 74.9, 75, 89.9, 90, 99.9, 100, 240, NaN].map(limitLevel);
  expect(levels).toEqual(['calm', 'calm', 'busy', 'busy', 'high', 'high', 'over', 'over', 'calm']);
});
