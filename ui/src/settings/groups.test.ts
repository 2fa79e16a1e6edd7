// Where settings stand.
import { expect, test } from 'vitest';
import { groupOf, own, ruleOf } from './groups';

test('a setting stands with those it begins like, some apart, and an unknown one at the end', () => {
  const keys = ['display.theme', 'display.zone', 'display.refresh_rate', 'blocks.anchor', 'pricing.source', 'claude_config_dirs', 'novel.thing', '__proto__'];
  expect(keys.map(groupOf)).toEqual(['look', 'week', 'advanced', 'limits', 'costs', 'folders', 'advanced', 'advanced']);
});

test('an alert’s settings know what they are about', () => {
  const keys = ['block', 'forecast', 'burn_rate_cost', 'week', 'weekly_budget', 'reset', 'limit_hit', 'session_cost', 'cleaning', 'quiet_summary', 'sound'];
  expect(keys.map((key) => ruleOf(`alerts.${key}`))).toEqual(['block', 'forecast', 'burnRate', 'week', 'budget', 'reset', 'limitHit', 'sessionCost', 'cleaning', 'summary', null]);
  expect(ruleOf('blocks.token_limit')).toBeNull();
});

test('what every object has is no setting', () => expect(own({ a: 1 }, 'constructor')).toBeUndefined());
