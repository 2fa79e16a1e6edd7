// What holds now, a line for each group.
import { expect, test } from 'vitest';
import { Desk } from '../host/made-up-desk';
import { groups } from './groups';
import { present, type Present } from './present';

const roots = [
  { path: '/a', found: true, logs: 128 },
  { path: '/b', found: false, logs: 0 },
];
const rows = new Desk({}).settings().rows;
const known: Present = { rows, roots, login: true, statusline: null };

test('each group says what holds, as far as it is known', () => {
  expect(groups.map((group) => present(group, known))).toEqual([
    'Tokens today, time left',
    'As the system',
    'Tokens in a block: Automatic',
    'Block used: 50, 75, 90, 100 %',
    'Whose costs count: Automatic',
    '1 folder, 128 logs',
    'On',
    null,
    '~/.config/token-monitor/sessions.db',
    'How much is logged: Some',
  ]);
});

test('what is off says so, and what is empty', () => {
  const changed = (key: string, value: unknown) => ({ ...known, rows: rows.map((row) => (row.key === key ? { ...row, value } : row)) });
  expect(present('alerts', changed('alerts.enabled', false))).toBe('Off');
  expect(present('alerts', changed('alerts.block', []))).toBe('Block used: none');
  expect(present('look', changed('display.tray', []))).toBe('The bare icon');
  expect(present('week', changed('display.week_start', 'monday'))).toBe('Monday · As the system');
});

test('without an answer there is no line', () => {
  expect(present('look', { ...known, rows: [] })).toBeNull();
  expect(present('alerts', { ...known, rows: [] })).toBeNull();
});
