// The groups of settings.
import { expect, test } from 'vitest';
import { groupOf, ownValue, ruleOf } from './setting-groups';

test('settings are grouped by section, with exceptions; unknown ones are advanced, performance ones are not shown', () => {
  const keys = ['display.theme', 'display.zone', 'display.refresh_rate', 'blocks.anchor', 'pricing.source', 'claude_config_dirs', 'novel.thing', '__proto__', 'performance.cache_size'];
  expect(keys.map(groupOf)).toEqual(['appearance', 'week', 'advanced', 'limits', 'costs', 'folders', 'advanced', 'advanced', null]);
});

test('alert settings are assigned to their rule', () => {
  const keys = ['block', 'forecast', 'burn_rate_cost', 'week', 'weekly_budget', 'reset', 'limit_hit', 'session_cost', 'waiting', 'cleaning', 'quiet_summary', 'sound'];
  expect(keys.map((key) => ruleOf(`alerts.${key}`))).toEqual(['block', 'forecast', 'burnRate', 'week', 'budget', 'reset', 'limitHit', 'sessionCost', 'agentWaiting', 'cleaning', 'summary', null]);
  expect(ruleOf('blocks.token_limit')).toBeNull();
});

test('inherited properties are not settings', () => expect(ownValue({ a: 1 }, 'constructor')).toBeUndefined());
