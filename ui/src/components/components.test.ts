// The pure functions of the components.
import { expect, test } from 'vitest';
import { nextRowIndex } from '../pages/sessions/session-list';
import { splitChanged } from './animated-number';
import { nextTabIndex } from './tabs';

test('only the digits that differ are marked as changed', () => {
  expect(splitChanged('4,218,344', '4,218,912')).toEqual(['4,218,', '912']);
  expect(splitChanged('999', '1,000'), 'another length is another figure').toEqual(['', '1,000']);
  expect(splitChanged('7', '7')).toEqual(['7', '']);
});

test('arrow keys wrap around the tabs, other keys do not move', () => {
  const keys = ['ArrowRight', 'ArrowLeft', 'Home', 'End', 'Tab', 'a'];
  expect(keys.map((key) => nextTabIndex(key, 1, 2))).toEqual([0, 0, 0, 1, null, null]);
});

test('keys move by a row, by a page and to both ends', () => {
  const keys = ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End', 'Enter'];
  expect(keys.map((key) => nextRowIndex(key, 50, 10, 1_000))).toEqual([51, 49, 60, 40, 0, 999, null]);
});
