// Number formatting; the cases shared with core are in text-cases.test.ts.
import { expect, test } from 'vitest';
import { formatCompactDollars, formatMegabytes, formatMultiple, formatPercent, pluralize, toAsciiDigits } from './format';

test('a share is rounded as if it had been given in percent', () => {
  expect([0.285, 0.385, 0.145, 1.125].map(formatPercent)).toEqual(['29%', '39%', '15%', '113%']);
});

test('dollars of an axis have cents below ten dollars only', () => {
  expect([0, 9.5, 12.4, 340, 999.9, 12_340].map(formatCompactDollars)).toEqual(['$0.00', '$9.50', '$12.4', '$340', '$1k', '$12.3k']);
});

test('large multiples have no fraction', () => {
  expect([3.24, 9.96, 12.4].map(formatMultiple)).toEqual(['3.2', '10', '12']);
});

test('large sizes have no fraction', () => {
  expect([1_234_567, 812_000_000].map((bytes) => formatMegabytes(bytes))).toEqual(['1.2 MB', '812 MB']);
});

test('only one is singular', () => {
  expect([0, 1, 2].map((count) => pluralize(count, 'log', 'logs'))).toEqual(['logs', 'log', 'logs']);
});

test('digits of the locale are converted to ASCII', () => {
  expect(toAsciiDigits('٤٬٨٥٠', 'ar-EG')).toBe('4٬850');
  expect(toAsciiDigits('48,50,000', 'en-IN')).toBe('48,50,000');
});
