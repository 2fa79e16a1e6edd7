// Figures in several languages.
import { expect, test } from 'vitest';
import { compact, compactRange, dollars, exact, megabytes, percentRange, plural, share, spoken, plainDigits } from './format';

test('an exact figure keeps every digit and is grouped as the reader groups', () => {
  expect(exact(4_218_344, 'en-US')).toBe('4,218,344');
  expect(exact(4_218_344, 'de-DE')).toBe('4.218.344');
  expect(exact(Number.MAX_SAFE_INTEGER, 'en-US')).toBe('9,007,199,254,740,991');
});

test('a compact figure keeps three digits, and below a thousand all', () => {
  expect([0, 999, 1_000, 2_345_678, 1.5e12].map((value) => compact(value, 'en-US'))).toEqual(['0', '999', '1K', '2.35M', '1.5T']);
});

test('a share that is there never reads as nothing, and one that is not whole never as all', () => {
  expect([0, 0.001, 0.38, 0.9999, 1].map((value) => share(value, 'en-US'))).toEqual(['0%', '<1%', '38%', '>99%', '100%']);
});

test('a range is one figure with one sign, and no range where both ends read the same', () => {
  expect([percentRange(71.2, 83.9, 'en-US'), percentRange(0, 1_204, 'en-US'), percentRange(83.6, 84.4, 'en-US')]).toEqual(['71–84%', '0–1,204%', '84%']);
  expect(percentRange(71.2, 83.9, 'de-DE')).toBe('71–84\u00a0%');
  expect(percentRange(71.2, 83.9, 'tr-TR')).toBe('%71–84');
  expect([compactRange(2.1e6, 3e6, 'en-US'), compactRange(9.99e5, 9.991e5, 'en-US')]).toEqual(['2.1M–3M', '999K']);
});

test('dollars are written with cents, and what costs something is never nothing', () => {
  expect([3.414, 0, 0.001].map((amount) => dollars(amount, 'en-US'))).toEqual(['$3.41', '$0.00', '<$0.01']);
});

test('megabytes lose their fraction once it says nothing', () => {
  expect([1_234_567, 812_000_000].map((bytes) => megabytes(bytes, 'en-US'))).toEqual(['1.2 MB', '812 MB']);
});

test('a system without a language is read as English, so that figures are grouped', () => {
  expect(['en-US-u-va-posix', 'de-DE'].map(spoken)).toEqual(['en-US', 'de-DE']);
});

test('one of a thing is singular', () => {
  expect([0, 1, 2].map((count) => plural(count, 'log', 'logs'))).toEqual(['logs', 'log', 'logs']);
});

test('the digits of a language are read as those of keyboards', () => {
  expect(plainDigits('٤٬٨٥٠', 'ar-EG')).toBe('4٬850');
  expect(plainDigits('48,50,000', 'en-IN')).toBe('48,50,000');
});
