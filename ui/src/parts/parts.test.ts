// The small decisions inside the parts.
import { expect, test } from 'vitest';
import { movedRow } from '../sessions/session-list';
import { changed } from './figure';
import { moved } from './tabs';

test('of a figure only the digits that differ are new', () => {
  expect(changed('4,218,344', '4,218,912')).toEqual(['4,218,', '912']);
  expect(changed('999', '1,000'), 'another length is another figure').toEqual(['', '1,000']);
  expect(changed('7', '7')).toEqual(['7', '']);
});

test('arrow keys go round the tabs, other keys stay', () => {
  const keys = ['ArrowRight', 'ArrowLeft', 'Home', 'End', 'Tab', 'a'];
  expect(keys.map((key) => moved(key, 1, 2))).toEqual([0, 0, 0, 1, null, null]);
});

test('arrow keys move along the rows, a page at a time and to either end', () => {
  const keys = ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End', 'Enter'];
  expect(keys.map((key) => movedRow(key, 50, 10, 1_000))).toEqual([51, 49, 60, 40, 0, 999, null]);
});
