import { expect, test } from 'vitest';
import type { AllocationRule } from '../host/team';
import { describeRule, parseRuleFields, ruleFields, shareError } from './rule-text';

const rule: AllocationRule = {
  id: 'one',
  position: 2,
  member: 'A*',
  project: null,
  repository: 'acme/*',
  tag: null,
  from: '2026-03-01',
  until: null,
  shares: [{ costCenter: 'Payments', percent: 33.33 }, { costCenter: 'Research', percent: 66.67 }],
};

test('a rule is described by its shares, its conditions and its days', () => {
  expect(describeRule(rule)).toEqual({
    shares: 'Payments 33.33%, Research 66.67%',
    conditions: '2. member A* · repository acme/* · from 2026-03-01',
  });
  const all = { ...rule, member: null, repository: null, from: null };
  expect(describeRule(all).conditions).toBe('2. all usage');
});

test('the fields of a rule give the same rule', () => {
  expect({ id: 'one', ...parseRuleFields(ruleFields(rule)) }).toEqual(rule);
  expect(parseRuleFields({ ...ruleFields(null), tag: '  ' })).toMatchObject({ position: null, tag: null });
});

test('shares add up to 100% exactly', () => {
  const shares = (...percents: string[]) => percents.map((percent) => ({ costCenter: 'a', percent }));
  expect(shareError(shares('33.33', '33.33', '33.34'))).toBeNull();
  expect(shareError(shares('33.3', '66.6'))).toBe('The shares add up to 99.9%, not to 100%.');
  for (const wrong of ['', ' ', 'x', '1e999']) expect(shareError(shares('50', wrong)), wrong).toBe('Enter percentages as numbers, such as 33.33.');
});
