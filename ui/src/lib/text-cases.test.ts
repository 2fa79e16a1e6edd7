// The shared table of text cases: core's formatter and sanitizer pass the same table in Rust.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { formatCompact, formatCompactRange, formatDollars, formatNumber, formatPercent, formatPercentRange } from './format';
import { sanitizeLine, sanitizeName } from './sanitize';
import { formatAge, formatClock, formatDate, formatDateTime, formatDuration, formatUpcoming, SECOND } from './time';

const TABLE = '../../../src-tauri/crates/core/tests/fixtures/text-cases.json';

interface Case {
  text: string;
  [input: string]: number | string;
}

const table = JSON.parse(readFileSync(new URL(TABLE, import.meta.url), 'utf8')) as Record<string, Case[]>;

const number = (one: Case, name = 'input') => Number(one[name]);
const string = (one: Case, name = 'input') => String(one[name]);

const formatted: Record<string, (one: Case) => string> = {
  number: (one) => formatNumber(number(one)),
  compact: (one) => formatCompact(number(one)),
  compactRange: (one) => formatCompactRange(number(one, 'low'), number(one, 'high')),
  percent: (one) => formatPercent(number(one) / 100),
  percentRange: (one) => formatPercentRange(number(one, 'low'), number(one, 'high')),
  dollars: (one) => formatDollars(number(one)),
  duration: (one) => formatDuration(number(one, 'seconds') * SECOND),
  age: (one) => formatAge(number(one, 'minutes')),
  clock: (one) => formatClock(string(one, 'at'), string(one, 'zone')),
  upcoming: (one) => formatUpcoming(string(one, 'at'), Date.parse(string(one, 'now')), string(one, 'zone')),
  date: (one) => formatDate(string(one, 'at'), string(one, 'zone')),
  dateTime: (one) => formatDateTime(string(one, 'at'), string(one, 'zone')),
  sanitize: (one) => sanitizeName(string(one)),
  truncate: (one) => truncateTo(string(one), number(one, 'max')),
};

/** The page truncates to fixed lengths only, so the text is extended up to the length of a name. */
function truncateTo(value: string, max: number): string {
  const NAME_LENGTH = 240;
  const padding = '.'.repeat(NAME_LENGTH - max);
  return sanitizeName(padding + value).slice(padding.length);
}

test.each(Object.entries(formatted))('%s agrees with the table of core', (group, format) => {
  const cases = table[group] ?? [];
  expect(cases).not.toEqual([]);
  expect(cases.map(format)).toEqual(cases.map((one) => one.text));
});

test('every group of the table is checked', () => {
  expect(Object.keys(table).sort()).toEqual(Object.keys(formatted).sort());
});

test('an edited line is sanitized like a name', () => {
  const cases = table['sanitize'] ?? [];
  expect(cases.map((one) => sanitizeLine(string(one)))).toEqual(cases.map((one) => one.text));
});
