// The resolved theme.
import { expect, test } from 'vitest';
import { resolveTheme } from './theme';

const day = { dark: false, contrast: false };
const night = { dark: true, contrast: false };

test('auto follows the system', () => {
  expect(resolveTheme('auto', day)).toEqual({ scheme: 'light', contrast: 'normal' });
  expect(resolveTheme('auto', night)).toEqual({ scheme: 'dark', contrast: 'normal' });
  expect(resolveTheme('auto', { dark: true, contrast: true })).toEqual({ scheme: 'dark', contrast: 'more' });
});

test('the settings override the system', () => {
  expect(resolveTheme('light', night).scheme).toBe('light');
  expect(resolveTheme('dark', day).scheme).toBe('dark');
});

test('high contrast follows the system’s scheme, and the system’s contrast is kept', () => {
  expect(resolveTheme('contrast', night)).toEqual({ scheme: 'dark', contrast: 'more' });
  expect(resolveTheme('contrast', day)).toEqual({ scheme: 'light', contrast: 'more' });
  expect(resolveTheme('light', { dark: true, contrast: true })).toEqual({ scheme: 'light', contrast: 'more' });
});
