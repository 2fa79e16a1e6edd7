// Made-up sessions and blocks for the fixture host. The same seed makes the same figures, in every browser.
// Nothing here is anyone's log.
import type { BillingBlock } from '../bindings/BillingBlock';
import type { DayStats } from '../bindings/DayStats';
import type { SessionStats } from '../bindings/SessionStats';
import type { Totals } from '../bindings/Totals';

/** The instant all made-up figures start from. */
export const START = Date.parse('2026-03-14T12:38:00Z');

export const iso = (at: number) => new Date(at).toISOString();

const names = [
  'fix login flow',
  'Migrate invoices to integer cents',
  'why is the build slow',
  'release notes 4.2',
  'Explain the retry policy and write a test for each of its branches, including the one nobody remembers',
  'Überprüfung der Zeitzonen',
  'rename the tail module',
  'データベースの移行',
];
const folders = ['/home/ada/code/web-app', '/home/ada/code/ledger', '/home/ada/code/infra/deploy-scripts', 'C:\\Users\\ada\\site'];
const models = ['claude-opus-4-5-20251101', 'claude-sonnet-4-5-20250929', 'claude-haiku-4-5-20251001'];

/** A small generator of even numbers between nought and one. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

/** The session at a place of the list; the first ones were used just now. */
export function madeUpSession(index: number): SessionStats {
  const random = seeded(index + 1);
  const fresh = Math.round(2_000 + random() * 40_000);
  const counts = {
    inputTokens: fresh,
    outputTokens: Math.round(fresh * (0.8 + random() * 2)),
    cacheCreationTokens: Math.round(fresh * (2 + random() * 4)),
    cacheReadTokens: Math.round(fresh * (12 + random() * 60)),
  };
  const last = START - Math.round(index ** 1.4 * 240_000) - index * 20_000;
  const name = index < names.length ? pick(names, index) : `${pick(names, index)} ${index + 1}`;
  return {
    sessionId: `5e55${index.toString(16).padStart(4, '0')}-0000-4000-8000-${index.toString().padStart(12, '0')}`,
    sessionName: index % 3 === 0 ? name : null,
    displayName: name,
    projectPath: index % 11 === 10 ? null : pick(folders, index),
    startTime: iso(last - Math.round(random() * 9_000_000)),
    lastActivity: iso(last),
    modelsUsed: index % 4 === 1 ? [pick(models, index), pick(models, index + 1)] : [pick(models, index)],
    currentBlock: null,
    burnRate: index < 2 ? Math.round(random() * 3_000) : 0,
    isActive: index < 2,
    ...counts,
    totalTokens: Object.values(counts).reduce((sum, count) => sum + count, 0),
    totalCost: null,
    messageCount: Math.round(4 + random() * 400),
  };
}

export function madeUpTotals(scale: number): Totals {
  const counts = {
    inputTokens: Math.round(61_204 * scale),
    outputTokens: Math.round(182_930 * scale),
    cacheCreationTokens: Math.round(514_377 * scale),
    cacheReadTokens: Math.round(3_459_833 * scale),
  };
  const totalTokens = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { ...counts, totalTokens, totalCost: null, messageCount: Math.round(312 * scale) };
}

export function madeUpToday(scale: number): DayStats {
  return { date: '2026-03-14', ...madeUpTotals(scale) };
}

/** A block of which two hours and fifty minutes have gone at the start. */
export function madeUpBlock(tokens: number): BillingBlock {
  const start = START - 170 * 60_000;
  return {
    id: iso(start),
    startTime: iso(start),
    endTime: iso(start + 5 * 3_600_000),
    isActive: true,
    isGap: false,
    tokensUsed: tokens,
    costUsd: null,
    messageCount: 188,
    models: [...models],
    source: 'estimate',
  };
}
