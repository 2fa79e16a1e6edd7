// Where each step begins.
import { expect, test } from 'vitest';
import { fullness } from './fullness';

test('a step begins at its bound', () => {
  const said = [0, 74.9, 75, 89.9, 90, 99.9, 100, 240, NaN].map(fullness);
  expect(said).toEqual(['calm', 'calm', 'busy', 'busy', 'high', 'high', 'over', 'over', 'calm']);
});
