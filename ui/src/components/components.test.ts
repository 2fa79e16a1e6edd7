// The pure functions of the components.
import { expect, test } from 'vitest';
import { nextRowIndex } from '../pages/sessions/session-list';
import { nextTabIndex } from './tabs';

test('arrow keys wrap around the tabs, other keys do not move', () => {
  const keys = ['ArrowRight', 'ArrowLeft', 'Home', 'End', 'Tab', 'a'];
  expect(keys.map((key) => nextTabIndex(key, 1, 2))).toEqual([0, 0, 0, 1, null, null]);
});

test('keys move by a row, by a page and to both ends', () => {
  const keys = ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End', 'Enter'];
  expect(keys.map((key) => nextRowIndex(key, 50, 10, 1_000))).toEqual([51, 49, 60, 40, 0, 999, null]);
});
