// The summaries of the settings groups.
import { expect, test } from 'vitest';
import { FixtureSettings } from '../../host/fixtures/settings';
import { groupSummary, type SummaryInputs } from './group-summary';
import { groups } from './setting-groups';

const roots = [
  { path: '/a', found: true, logs: 128 },
  { path: '/b', found: false, logs: 0 },
];
const rows = new FixtureSettings([]).page().rows;
const inputs: SummaryInputs = { rows, roots };

test('each group has a summary of its known values', () => {
  expect(groups.map((group) => groupSummary(group, inputs))).toEqual([
    'System',
    'Token limit of a block: Automatic',
    'Block used: 50, 75, 90, 100%',
    'Cost source: Automatic',
    '1 folder, 128 logs',
    'Off',
    '~/.config/token-monitor/sessions.db',
    'Log level: Info',
  ]);
});

test('disabled and empty values are shown as such', () => {
  const changed = (key: string, value: unknown) => ({ ...inputs, rows: rows.map((row) => (row.key === key ? { ...row, value } : row)) });
  expect(groupSummary('alerts', changed('alerts.enabled', false))).toBe('Off');
  expect(groupSummary('alerts', changed('alerts.block', []))).toBe('Block used: none');
  expect(groupSummary('week', changed('display.week_start', 'monday'))).toBe('Monday · System');
});

test('without rows there is no summary', () => {
  expect(groupSummary('costs', { ...inputs, rows: [] })).toBeNull();
  expect(groupSummary('alerts', { ...inputs, rows: [] })).toBeNull();
});
