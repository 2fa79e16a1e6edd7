// Which group of the page a setting stands in, and which alert it is about. Pure: it looks at keys only,
// so that a setting nobody has heard of yet stands somewhere, too.
import type { AlertRule } from '../bindings/AlertRule';

/** In the order they are shown. */
export const groups = ['look', 'week', 'limits', 'alerts', 'costs', 'folders', 'login', 'statusline', 'data', 'advanced'] as const;

export type Group = (typeof groups)[number];

/** Keys that do not stand with those they begin like. */
const apart: Record<string, Group> = {
  'display.zone': 'week',
  'display.week_start': 'week',
  'display.default_mode': 'advanced',
  'display.color_enabled': 'advanced',
  'display.refresh_rate': 'advanced',
  claude_config_dirs: 'folders',
};

const bySection: Record<string, Group> = {
  display: 'look',
  week: 'week',
  blocks: 'limits',
  alerts: 'alerts',
  cost: 'costs',
  pricing: 'costs',
  storage: 'data',
};

export function groupOf(key: string): Group {
  const section = key.split('.')[0] ?? key;
  return own(apart, key) ?? own(bySection, section) ?? 'advanced';
}

/** What is looked for in a key's name, the more telling word first. */
const words: readonly [string, AlertRule][] = [
  ['budget', 'budget'],
  ['burn', 'burnRate'],
  ['forecast', 'forecast'],
  ['limit', 'limitHit'],
  ['session', 'sessionCost'],
  ['summary', 'summary'],
  ['clean', 'cleaning'],
  ['reset', 'reset'],
  ['block', 'block'],
  ['week', 'week'],
];

/** The alert a setting is about; null for what is about all of them, or none. */
export function ruleOf(key: string): AlertRule | null {
  if (!key.startsWith('alerts.')) return null;
  return words.find(([word]) => key.includes(word, 'alerts.'.length))?.[1] ?? null;
}

/** A key is text from elsewhere: what every object has is not looked up. */
export function own<T>(record: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
