// The theme that holds.
import { expect, test } from 'vitest';
import { look } from './theme';

const day = { dark: false, contrast: false };
const night = { dark: true, contrast: false };

test('without a word of the settings the system decides', () => {
  expect(look('auto', day)).toEqual({ scheme: 'light', contrast: 'normal' });
  expect(look('auto', night)).toEqual({ scheme: 'dark', contrast: 'normal' });
  expect(look('auto', { dark: true, contrast: true })).toEqual({ scheme: 'dark', contrast: 'more' });
});

test('the settings overrule the system', () => {
  expect(look('light', night).scheme).toBe('light');
  expect(look('dark', day).scheme).toBe('dark');
});

test('high contrast is light or dark as the system has it, and nobody loses contrast they asked the system for', () => {
  expect(look('contrast', night)).toEqual({ scheme: 'dark', contrast: 'more' });
  expect(look('contrast', day)).toEqual({ scheme: 'light', contrast: 'more' });
  expect(look('light', { dark: true, contrast: true })).toEqual({ scheme: 'light', contrast: 'more' });
});
