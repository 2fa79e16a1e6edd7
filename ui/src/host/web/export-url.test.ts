import { expect, test } from 'vitest';
import { exportUrl } from './export-url';

test('an export has the parameters of the command', () => {
  const all = { format: 'csv', by: 'model', from: null, to: null } as const;
  expect(exportUrl(all)).toBe('/api/v1/export?format=csv&by=day&by=model');
  expect(exportUrl({ ...all, by: 'pullRequest', from: '2026-02-01' })).toBe('/api/v1/export?format=csv&by=day&by=pr&since=2026-02-01');
  expect(exportUrl({ ...all, format: 'focus', from: '2026-02-01', to: '2026-02-28' })).toBe('/api/v1/export?format=focus&by=day&by=model&since=2026-02-01&until=2026-02-28');
});
