// Assigns settings to groups of the page, and to the alert rule they configure. Pure. Only keys are used, so that
// unknown settings are assigned too.
import type { AlertRule } from '../../bindings/AlertRule';

/** The groups that are expanded on request, in display order. */
export const groups = ['week', 'limits', 'alerts', 'costs', 'folders', 'web', 'data', 'advanced'] as const;

export type ExpandableGroup = (typeof groups)[number];

/** The settings of the appearance are always shown. */
export type Group = 'appearance' | ExpandableGroup;

/** Keys whose group differs from that of their section. */
const groupByKey: Record<string, Group> = {
  'display.zone': 'week',
  'display.week_start': 'week',
  'display.default_mode': 'advanced',
  'display.color_enabled': 'advanced',
  'display.refresh_rate': 'advanced',
  claude_config_dirs: 'folders',
};

const groupBySection: Record<string, Group> = {
  display: 'appearance',
  week: 'week',
  blocks: 'limits',
  alerts: 'alerts',
  cost: 'costs',
  pricing: 'costs',
  storage: 'data',
  serve: 'web',
  push: 'web',
};

/** Settings that are changed only in the settings file. */
const FILE_ONLY_SECTION = 'performance';

/** Returns the group of a setting; null for settings that are not on the page. */
export function groupOf(key: string): Group | null {
  const section = key.split('.')[0] ?? key;
  if (section === FILE_ONLY_SECTION) return null;
  return ownValue(groupByKey, key) ?? ownValue(groupBySection, section) ?? 'advanced';
}

/** Parts of a key and the rule they belong to, most specific first. */
const ruleKeywords: readonly [string, AlertRule][] = [
  ['budget', 'budget'],
  ['burn', 'burnRate'],
  ['forecast', 'forecast'],
  ['limit', 'limitHit'],
  ['session', 'sessionCost'],
  ['waiting', 'agentWaiting'],
  ['summary', 'summary'],
  ['clean', 'cleaning'],
  ['reset', 'reset'],
  ['block', 'block'],
  ['week', 'week'],
];

/** Returns the alert rule a setting configures; null for general alert settings and all others. */
export function ruleOf(key: string): AlertRule | null {
  if (!key.startsWith('alerts.')) return null;
  return ruleKeywords.find(([keyword]) => key.includes(keyword, 'alerts.'.length))?.[1] ?? null;
}

/** Returns an own property. Keys come from outside, so inherited properties must not match. */
export function ownValue<T>(record: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
