// Made-up sessions and blocks for the fixture host. The same seed makes the same figures, in every browser.
// Nothing here is anyone's log.
import type { BillingBlock } from '../bindings/BillingBlock';
import type { DayStats } from '../bindings/DayStats';
import type { NameSource } from '../bindings/NameSource';
import type { RunStats } from '../bindings/RunStats';
import type { SessionDetail } from '../bindings/SessionDetail';
import type { SessionStats } from '../bindings/SessionStats';
import type { TimelinePoint } from '../bindings/TimelinePoint';
import type { Totals } from '../bindings/Totals';
import type { WeekStats } from '../bindings/WeekStats';
import type { KindCounts } from '../kinds';

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
const branches = ['main', 'fix/login', 'release/4.2'];
const nameSources: readonly NameSource[] = ['aiTitle', 'customTitle', 'summary', 'firstPrompt', 'project'];
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
  const totals = totalsOf(
    {
      inputTokens: fresh,
      outputTokens: Math.round(fresh * (0.8 + random() * 2)),
      cacheCreationTokens: Math.round(fresh * (2 + random() * 4)),
      cacheReadTokens: Math.round(fresh * (12 + random() * 60)),
    },
    Math.round(4 + random() * 400),
  );
  const last = START - Math.round(index ** 1.4 * 240_000) - index * 20_000;
  const name = index < names.length ? pick(names, index) : `${pick(names, index)} ${index + 1}`;
  return {
    sessionId: `5e55${index.toString(16).padStart(4, '0')}-0000-4000-8000-${index.toString().padStart(12, '0')}`,
    sessionName: index % 3 === 0 ? name : null,
    displayName: name,
    tags: [],
    isPinned: false,
    isHidden: false,
    isMuted: false,
    nameSource: index % 3 === 0 ? 'user' : pick(nameSources, index),
    projectPath: index % 11 === 10 ? null : pick(folders, index),
    branch: index % 5 === 4 ? null : pick(branches, index),
    worktree: index % 6 === 1 ? 'quiet-otter' : null,
    startTime: iso(last - Math.round(random() * 9_000_000)),
    lastActivity: iso(last),
    modelsUsed: index % 4 === 1 ? [pick(models, index), pick(models, index + 1)] : [pick(models, index)],
    currentBlock: null,
    burnRate: index < 2 ? Math.round(random() * 3_000) : 0,
    isActive: index < 2,
    notInLogs: index % 4 === 0 ? { ...madeUpRest(fresh), cost: fresh / 40_000, costIsLowerBound: index % 8 === 0 } : null,
    ...totals,
  };
}

const madeUpRest = (fresh: number): KindCounts => ({
  inputTokens: Math.round(fresh / 9),
  outputTokens: Math.round(fresh / 20),
  cacheCreationTokens: 0,
  cacheReadTokens: Math.round(fresh / 3),
});

/** Priced at a made-up rate of its own, none of it under-logged. */
function totalsOf(counts: KindCounts, messageCount: number): Totals {
  const { inputTokens, outputTokens, cacheCreationTokens, cacheReadTokens } = counts;
  const cost = inputTokens * 5 + outputTokens * 25 + cacheCreationTokens * 6.25 + cacheReadTokens * 0.5;
  return {
    ...counts,
    cacheCreation1hTokens: Math.round(cacheCreationTokens * 0.4),
    totalTokens: inputTokens + outputTokens + cacheCreationTokens + cacheReadTokens,
    totalCost: Math.round(cost / 1e4) / 100,
    costBasis: 'API-equivalent',
    unpricedTokens: 0,
    messageCount,
    underLoggedMessages: 0,
    label: 'measured',
  };
}

/** The same without a price for any of it. */
export function unpriced<T extends Totals>(totals: T): T {
  return { ...totals, totalCost: null, unpricedTokens: totals.totalTokens };
}

/** A part of some totals, as large as a share of them. */
function partOf(totals: Totals, share: number): Totals {
  const count = (tokens: number) => Math.round(tokens * share);
  const counts = {
    inputTokens: count(totals.inputTokens),
    outputTokens: count(totals.outputTokens),
    cacheCreationTokens: count(totals.cacheCreationTokens),
    cacheReadTokens: count(totals.cacheReadTokens),
  };
  const part = totalsOf(counts, Math.max(1, count(totals.messageCount)));
  return totals.totalCost === null ? unpriced(part) : { ...part, underLoggedMessages: count(totals.underLoggedMessages) };
}

export function madeUpRun(index: number): RunStats {
  const begun = START - 3_600_000 + index * 90_000;
  return {
    runId: `a${(index * 7_919).toString(16).padStart(6, '0')}`,
    workflow: index % 3 === 0 ? null : 'review',
    kind: index % 4 === 3 ? null : pick(['Explore', 'general-purpose', 'code-reviewer'], index),
    startTime: iso(begun),
    lastActivity: iso(begun + 60_000),
    ...partOf(madeUpTotals(1), 0.01 * (1 + (index % 5))),
  };
}

/** From the first to the last activity, with a pause now and then. */
function madeUpTimeline(session: SessionStats): TimelinePoint[] {
  const random = seeded(session.totalTokens);
  const slot = 5 * 60_000;
  const first = Math.floor(Date.parse(session.startTime) / slot) * slot;
  const slots = Math.floor((Date.parse(session.lastActivity) - first) / slot) + 1;
  const weights = Array.from({ length: slots }, (_, at) => (at > 0 && at < slots - 1 && random() < 0.3 ? 0 : 0.1 + random()));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.flatMap((weight, at) => {
    const part = weight / all;
    const amount = { tokens: Math.round(session.totalTokens * part), cost: session.totalCost === null ? null : session.totalCost * part };
    return weight > 0 ? [{ startTime: iso(first + at * slot), amount }] : [];
  });
}

/** Each model its part of the session, and for some sessions a handful of subagents. */
export function madeUpDetail(session: SessionStats, runs: number): SessionDetail {
  const share = 1 / session.modelsUsed.length;
  return {
    session,
    models: session.modelsUsed.map((model) => ({ model, ...partOf(session, share) })),
    runs: Array.from({ length: runs }, (_, index) => madeUpRun(index)),
    timeline: madeUpTimeline(session),
    description: null,
  };
}

export function madeUpTotals(scale: number): Totals {
  const counts = {
    inputTokens: Math.round(61_204 * scale),
    outputTokens: Math.round(182_930 * scale),
    cacheCreationTokens: Math.round(514_377 * scale),
    cacheReadTokens: Math.round(3_459_833 * scale),
  };
  return totalsOf(counts, Math.round(312 * scale));
}

export function madeUpToday(scale: number): DayStats {
  return { date: '2026-03-14', ...madeUpTotals(scale) };
}

/** The last seven days. */
export function madeUpWeek(): WeekStats {
  return { startTime: iso(START - 7 * 86_400_000), endTime: null, ...madeUpTotals(7.3) };
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
    peakTokensPerMinute: null,
    tokensUsed: tokens,
    costUsd: tokens / 1.2e6,
    unpricedTokens: 0,
    messageCount: 188,
    models: [...models],
    source: 'estimate',
    label: 'estimated',
  };
}
