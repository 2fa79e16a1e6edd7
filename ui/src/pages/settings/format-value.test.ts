// Formatting and parsing of setting values.
import { expect, test } from 'vitest';
import type { SettingRow } from '../../bindings/SettingRow';
import { displayText, fieldText, parseInput } from './format-value';

const base = { default: null, origin: 'default', canChange: true, needsRestart: false } as const;
const number: SettingRow = { ...base, key: 'blocks.token_limit', value: 4_850_000, kind: 'number', words: ['auto'], least: 1, most: 9 };
const numbers: SettingRow = { ...base, key: 'alerts.block', value: [75, 90], kind: 'numbers', least: 1, most: 100 };
const folders: SettingRow = { ...base, key: 'claude_config_dirs', value: ['~/a', '~/b\u202E'], kind: 'text', several: true };

test('a value is formatted for a text field', () => {
  expect(fieldText(number), 'with digits that can be typed').toBe('4850000');
  expect(fieldText(numbers)).toBe('75, 90');
  expect(fieldText(folders), 'sanitized, one per line').toBe('~/a\n~/b');
  expect(fieldText({ ...folders, value: { a: 1 } })).toBe('{"a":1}');
});

test.each(['4850000', '4,850,000', '4 850 000', '4_850_000', '4.850.000', ' 4850000 ', '48,50,000'])('%s is parsed as a number', (input) => {
  expect(parseInput(number, input)).toEqual({ value: 4_850_000 });
});

test.each(['', '-4', '4.5', 'many', '1,2', '1e9'])('“%s” is not a number', (input) => {
  expect(parseInput(number, input)).toHaveProperty('error');
});

test('a list of numbers is sorted, and may be empty', () => {
  expect(parseInput(numbers, '100, 75 90')).toEqual({ value: [75, 90, 100] });
  expect(parseInput(numbers, ' ')).toEqual({ value: [] });
  expect(parseInput(numbers, 'None'), 'as the note says').toEqual({ value: [] });
  expect(fieldText({ ...numbers, value: [] })).toBe('none');
  expect(parseInput(numbers, '75, most')).toHaveProperty('error');
});

test('folders are parsed by line, without blank ones', () => {
  expect(parseInput(folders, ' ~/a \n\n~/c')).toEqual({ value: ['~/a', '~/c'] });
});

test('a value is displayed with the texts of the page', () => {
  expect(displayText({ ...number, value: 'auto' })).toBe('Automatic');
  expect(displayText(number)).toBe('4,850,000');
  expect(displayText({ ...base, key: 'x', value: true, kind: 'switch' })).toBe('on');
  expect(displayText({ ...folders, value: [] })).toBe('none');
});
