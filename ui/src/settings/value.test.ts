// Values as they are read and written.
import { expect, test } from 'vitest';
import type { SettingRow } from '../bindings/SettingRow';
import { said, typed, written } from './value';

const base = { default: null, origin: 'default', canChange: true, needsRestart: false } as const;
const number: SettingRow = { ...base, key: 'blocks.token_limit', value: 4_850_000, kind: 'number', words: ['auto'], least: 1, most: 9 };
const numbers: SettingRow = { ...base, key: 'alerts.block', value: [75, 90], kind: 'numbers', least: 1, most: 100 };
const folders: SettingRow = { ...base, key: 'claude_config_dirs', value: ['~/a', '~/b\u202E'], kind: 'text', several: true };

test('a value is written as a person would write it', () => {
  expect(written(number), 'in digits that can be typed').toBe('4850000');
  expect(written(numbers)).toBe('75, 90');
  expect(written(folders), 'clean, a line each').toBe('~/a\n~/b');
  expect(written({ ...folders, value: { a: 1 } })).toBe('{"a":1}');
});

test.each(['4850000', '4,850,000', '4 850 000', '4_850_000', '4.850.000', ' 4850000 ', '48,50,000'])('%s is a number', (field) => {
  expect(typed(number, field)).toEqual({ value: 4_850_000 });
});

test.each(['', '-4', '4.5', 'many', '1,2', '1e9'])('“%s” is none', (field) => {
  expect(typed(number, field)).toHaveProperty('wrong');
});

test('a list of numbers is sent in order, and may be empty', () => {
  expect(typed(numbers, '100, 75 90')).toEqual({ value: [75, 90, 100] });
  expect(typed(numbers, ' ')).toEqual({ value: [] });
  expect(typed(numbers, 'None'), 'as its note says').toEqual({ value: [] });
  expect(written({ ...numbers, value: [] })).toBe('none');
  expect(typed(numbers, '75, most')).toHaveProperty('wrong');
});

test('folders are sent a line each, blank ones fall away', () => {
  expect(typed(folders, ' ~/a \n\n~/c')).toEqual({ value: ['~/a', '~/c'] });
});

test('a value is said in the words of the page', () => {
  expect(said({ ...number, value: 'auto' })).toBe('Automatic');
  expect(said(number)).toBe('4,850,000');
  expect(said({ ...base, key: 'x', value: true, kind: 'switch' })).toBe('on');
  expect(said({ ...folders, value: [] })).toBe('none');
});
