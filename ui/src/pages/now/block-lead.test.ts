// What leads the Now page.
import { expect, test } from 'vitest';
import { estimatedUse, officialUse } from '../../host/fixtures/limits';
import { blockLead } from './block-lead';

const runsOutAt = '2026-03-14T14:00:00Z';

test('an official limit leads with the time left, the time to the limit, or the reset', () => {
  expect(blockLead(officialUse(38)).kind).toBe('left');
  expect(blockLead({ ...officialUse(72), runsOutAt })).toEqual({ kind: 'toLimit', at: Date.parse(runsOutAt) });
  expect(blockLead({ ...officialUse(100), runsOutAt }).kind).toBe('reached');
});

test('the user’s own limit is a limit', () => {
  expect(blockLead({ ...estimatedUse(38), basis: 'number' }).kind).toBe('left');
});

test('a comparison with past blocks is never a limit', () => {
  expect(blockLead({ ...estimatedUse(104), runsOutAt }).kind).toBe('tokens');
  expect(blockLead({ ...estimatedUse(76), basis: 'max', runsOutAt }).kind).toBe('tokens');
  expect(blockLead(null).kind).toBe('tokens');
});
