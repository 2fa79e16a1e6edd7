// The situations the fixture host can be in, chosen by `?scenario=`. Each is a list of sessions
// and a way to change the ordinary snapshot; what is not changed is as on any working day.
import type { BurnRate } from '../bindings/BurnRate';
import type { SessionDetail } from '../bindings/SessionDetail';
import type { SessionStats } from '../bindings/SessionStats';
import type { Snapshot } from '../bindings/Snapshot';
import type { Frame } from './host';
import type { DeskWish } from './made-up-desk';
import { iso, madeUpBlock, madeUpDetail, madeUpSession, madeUpToday, madeUpTotals, madeUpWeek, START, unpriced } from './made-up';
import { madeUpCompared, madeUpHour, ORDINARY_PAST, type PastWish } from './made-up-past';
import { estimatedUse, madeUpQuota, officialUse } from './made-up-limits';

export interface Scenario {
  sessions: SessionStats[];
  connected: boolean;
  /** Changes the ordinary snapshot of the n-th beat. */
  change: (ordinary: Snapshot, beat: number) => Partial<Snapshot>;
  /** Beside an icon unless told. */
  frame?: Frame;
  /** What is told of a session that is opened. */
  detail: (session: SessionStats) => SessionDetail;
  /** What holds of settings and alerts; nothing waits unless told. */
  desk?: DeskWish;
  /** The blocks and days there are; the ordinary ones unless told. */
  past?: PastWish | 'broken';
}

/** The latest ran subagents; a session from before did not. */
const ordinaryDetail = (session: SessionStats) => madeUpDetail(session, session.isActive ? 7 : 0);
const atRest: BurnRate = { tokensPerMinute: 0, freshTokensPerMinute: 0, level: 'normal', costPerHour: 0, label: 'measured' };

const many = (count: number) => Array.from({ length: count }, (_, index) => madeUpSession(index));
const roots = [
  { path: '/home/ada/.claude/projects', found: true, logs: 128 },
  { path: '/home/ada/.config/claude/projects', found: false, logs: 0 },
];

const normal: Scenario = { sessions: many(137), connected: true, change: () => ({}), detail: ordinaryDetail };

/** What a hostile log may put into names, folders and models. */
export const hostileTexts = [
  '<img src=x onerror="document.title=\'owned\';alert(1)">',
  '"><script>alert(2)</script><svg onload=alert(3)>',
  'javascript:alert(4)',
  'evil\u202Egnp.exe\u2066 \u200Bzero\u200Dwidth\uFEFF',
  '\u05E9\u05DC\u05D5\u05DD \u05E2\u05D5\u05DC\u05DD \u0645\u0631\u062D\u0628\u0627 123',
  'x'.repeat(10_240),
  '\u0000\u0007\u001B[31mred\u009B\nsecond line\r\nthird',
  '{{constructor.constructor("alert(5)")()}} ${alert(6)} &lt;b&gt; %3Cimg%3E',
  '__proto__',
];

function hostileSessions(): SessionStats[] {
  return hostileTexts.map((hostile, index) => ({
    ...madeUpSession(index),
    sessionId: index === 8 ? '__proto__' : madeUpSession(index).sessionId,
    sessionName: hostile,
    displayName: hostile,
    projectPath: `/home/${hostile}`,
    branch: hostile,
    worktree: hostile,
    modelsUsed: [hostile, 'claude-opus-4-5-20251101'],
    tags: [hostile, 'plain'],
  }));
}

const hostile: Scenario = {
  sessions: hostileSessions(),
  connected: true,
  change: () => ({
    problems: [{ message: hostileTexts[0] ?? '', hint: hostileTexts[1] ?? '' }],
    zone: 'Not/A_Zone',
    quota: hostileTexts.map((scope) => ({ ...madeUpQuota('weeklyScoped', 40), scope })),
  }),
  detail: (session) => {
    const detail = madeUpDetail(session, hostileTexts.length);
    const runs = detail.runs.map((run, at) => ({ ...run, kind: hostileTexts[at] ?? null, workflow: hostileTexts[at] ?? null }));
    return { ...detail, runs, description: session.displayName };
  },
  desk: { hostile: hostileTexts, unavailable: hostileTexts[0] ?? null, problems: hostileTexts },
  past: { ...ORDINARY_PAST, names: hostileTexts },
};

const nothing = madeUpTotals(0);

const empty: Scenario = {
  sessions: [],
  connected: true,
  change: () => ({
    totals: nothing,
    today: madeUpToday(0),
    currentBlock: null,
    burnRate: atRest,
    roots: roots.map((root) => ({ ...root, logs: 0 })),
  }),
  detail: ordinaryDetail,
  desk: { alerts: 0 },
};

/** Reads four hundred files, four a beat, and then starts again. */
function importing(_: Snapshot, beat: number): Partial<Snapshot> {
  const filesDone = (beat * 4) % 401;
  const bytes = 812_000_000;
  const done = filesDone / 400;
  return {
    progress: { state: 'importing', filesDone, files: 400, bytesDone: Math.round(bytes * done), bytes },
    today: madeUpToday(done),
    totals: madeUpTotals(done * 300),
  };
}

const idle: Partial<Snapshot> = { currentBlock: null, blockUse: null, projectedTokens: null, burnRate: atRest };

const problem = {
  message: '3 logs could not be read: permission denied.',
  hint: 'Make the files in /home/ada/.claude/projects/ledger readable for you.',
};

/** Figures as large as they may get, and hot. */
function huge(): Partial<Snapshot> {
  const today = { ...madeUpToday(250_000), totalCost: 12_345.67 };
  const burnRate: BurnRate = { ...atRest, tokensPerMinute: 1_284_000, freshTokensPerMinute: 88_000, level: 'high', costPerHour: 1_204.5 };
  const blockUse = { ...estimatedUse(1_040), basis: 'number' as const, label: 'measured' as const, limit: 100_000_000_000 };
  return { today, burnRate, blockUse, currentBlock: { ...madeUpBlock(today.totalTokens), source: 'utc' } };
}

/** All the vendor may say, told a minute ago; the week of one family will stop work first. */
function official(day: Snapshot): Partial<Snapshot> {
  const blockUse = { ...officialUse(38.2), elsewherePercent: 12.1 };
  const opus = { ...madeUpQuota('weeklyScoped', 78), isBinding: true, runsOutAt: iso(START + 3.4 * 86_400_000) };
  return {
    currentBlock: day.currentBlock && { ...day.currentBlock, source: 'official', label: 'official' },
    blockUse,
    quota: [{ ...madeUpQuota('fiveHour', 38.2), ...blockUse }, madeUpQuota('weekly', 61), opus, madeUpQuota('extraUsage', 4.5)],
    week: { ...day.week, endTime: iso(START + 4.8 * 86_400_000) },
  };
}

/** A subscription as most are: five hours and a week, and one session at work. */
function ordinaryOfficial(day: Snapshot): Partial<Snapshot> {
  const told = official(day);
  const week = { ...madeUpQuota('weekly', 61), isBinding: true };
  const recentSessions = day.recentSessions.map((session, at) => ({ ...session, isActive: at === 0 }));
  const blockUse = { ...officialUse(38.2) };
  return { ...told, blockUse, quota: [{ ...madeUpQuota('fiveHour', 38.2), ...blockUse }, week], recentSessions };
}

/** The same, told too long ago. */
function stale(day: Snapshot): Partial<Snapshot> {
  const quota = [madeUpQuota('fiveHour', 38.2, 25), madeUpQuota('weekly', 61, 190)];
  return { ...official(day), blockUse: officialUse(38.2), quota };
}

/** The largest block stands for the limit, dollars are limited too, and at this pace both run out. */
function estimated(): Partial<Snapshot> {
  const runsOutAt = iso(START + 95 * 60_000);
  return {
    blockUse: { ...estimatedUse(76.4), basis: 'max', runsOutAt },
    blockCostUse: { ...estimatedUse(41), basis: 'number', limit: 10, label: 'measured' },
  };
}

/** Every limit is used up, as a message in the logs says. */
function over(day: Snapshot): Partial<Snapshot> {
  const week = { ...madeUpQuota('weekly', 100), origin: 'limitMessage' as const, isBinding: true, projectedPercent: null };
  return {
    currentBlock: day.currentBlock && { ...day.currentBlock, source: 'limitMessage', label: 'official' },
    blockUse: { ...estimatedUse(104.3), runsOutAt: iso(START) },
    quota: [madeUpQuota('fiveHour', 93), week],
  };
}

/** A model without a price took a part of today, and all of what is used now. */
function unpricedToday(day: Snapshot): Partial<Snapshot> {
  return { today: { ...day.today, unpricedTokens: 12_040 }, burnRate: { ...day.burnRate, costPerHour: null } };
}

/** Names as long as anyone gives them. */
function longNames(): SessionStats[] {
  const long = 'Explain the retry policy of the settlement worker and write a test for each of its branches ';
  return normal.sessions.map((session) => ({
    ...session,
    displayName: long + long,
    projectPath: `/home/ada/${'very-long-folder-name/'.repeat(9)}`,
    branch: `feature/${'one-more-word-'.repeat(12)}end`,
    worktree: 'an-otter-that-is-unusually-quiet-for-the-time-of-the-year',
    modelsUsed: [`claude-${'experimental-'.repeat(8)}20260101`, 'claude-opus-4-5-20251101'],
    nameSource: 'firstPrompt' as const,
  }));
}

function longDetail(session: SessionStats): SessionDetail {
  const detail = ordinaryDetail(session);
  const runs = detail.runs.map((run) => ({ ...run, kind: 'a-reviewer-of-everything-'.repeat(6), workflow: run.workflow && 'review-and-settle-'.repeat(6) }));
  return { ...detail, runs };
}

/** What a person made of the latest sessions. */
const described: Partial<SessionStats>[] = [
  { tags: ['login', 'safari'], isPinned: true },
  { isMuted: true },
  { tags: ['ci'] },
  { isHidden: true },
];
const longPast = ['a-model-that-is-called-by-a-very-long-name-indeed-', 'another-one-of-the-same-family-but-longer-'].map((name) => name.repeat(3));

/** The first hour with the app: nothing to compare with, no block ever completed. */
function newcomer(day: Snapshot): Partial<Snapshot> {
  const none = { tokens: 0, cost: 0 };
  return { compared: { yesterday: none, yesterdayByNow: none, usual: null }, blockUse: null, projectedTokens: null, today: { ...day.today, ...madeUpToday(0.02) } };
}

export const scenarios: Record<string, Scenario> = {
  normal,
  empty,
  hostile,
  huge: { ...normal, change: huge },
  idle: {
    ...normal,
    sessions: normal.sessions.map((session) => ({ ...session, isActive: false, burnRate: 0 })),
    change: () => ({ ...idle, lastHour: Array.from({ length: 60 }, () => 0) }),
  },
  importing: { ...normal, change: importing },
  first: { ...empty, change: (day, beat) => ({ ...empty.change(day, beat), progress: importing(day, beat).progress ?? day.progress, roots }) },
  unseen: {
    ...normal,
    sessions: normal.sessions.map((session, at) => ({ ...session, ...described[at] })),
    detail: (session) => ({ ...ordinaryDetail(session), description: session.tags.length > 0 ? 'The login page forgot people on Safari.\nSee the notes of the second review.' : null }),
    desk: { unseen: 3, unavailable: 'No notification service answers on this desktop.', problems: ['config.yaml: blocks.anchor: expected auto, estimate or utc'] },
  },
  problem: { ...normal, change: () => ({ problems: [problem] }) },
  manyAlerts: { ...normal, desk: { alerts: 70 } },
  noTray: { ...normal, frame: 'window' },
  disconnected: { ...normal, connected: false },
  many: { ...normal, sessions: many(10_000), past: { rows: 6_000, days: 1_900 } },
  newcomer: { ...normal, change: newcomer, past: { rows: 0, days: 0 } },
  darkTheme: { ...normal, change: (day) => ({ display: { ...day.display, theme: 'dark' } }) },
  unreadable: { ...normal, past: 'broken' },
  official: { ...normal, change: official },
  subscription: { ...normal, change: ordinaryOfficial },
  stale: { ...normal, change: stale },
  estimated: { ...normal, change: estimated },
  unlimited: { ...normal, change: () => ({ blockUse: null }) },
  over: { ...normal, change: over },
  unpriced: {
    ...normal,
    sessions: normal.sessions.map((session, at) => (at % 2 === 0 ? unpriced(session) : { ...session, unpricedTokens: 9_120 })),
    change: unpricedToday,
    past: { ...ORDINARY_PAST, unpriced: true },
  },
  underLogged: {
    ...normal,
    sessions: normal.sessions.map((session) => ({ ...session, underLoggedMessages: 3 })),
    change: (day) => ({ today: { ...day.today, underLoggedMessages: 1_204 } }),
  },
  longNames: {
    ...normal,
    sessions: longNames(),
    change: () => ({ quota: [{ ...madeUpQuota('weeklyScoped', 41), scope: 'a family of models with quite a long name' }] }),
    detail: longDetail,
    past: { ...ORDINARY_PAST, names: longPast },
  },
};

/** The snapshot of an ordinary day, some beats after the start. */
export function ordinary(sessions: readonly SessionStats[], beat: number, at: number): Snapshot {
  const grown = 1 + beat * 0.0004;
  const rate = 1_840 + Math.round(Math.sin(beat / 6) * 700);
  return {
    at: iso(at),
    zone: 'Europe/Berlin',
    revision: beat,
    progress: { state: 'live' },
    totals: madeUpTotals(300 + beat * 0.0004),
    today: madeUpToday(grown),
    currentBlock: madeUpBlock(Math.round(1_842_300 * grown)),
    blockUse: estimatedUse(38 * grown),
    blockCostUse: null,
    projectedTokens: { low: 3_440_000 * grown, high: 4_070_000 * grown },
    quota: [],
    week: madeUpWeek(),
    burnRate: {
      tokensPerMinute: rate,
      freshTokensPerMinute: Math.round(rate / 9),
      level: rate > 2_000 ? 'moderate' : 'normal',
      costPerHour: Math.round(rate / 15) / 100,
      label: 'measured',
    },
    sessionCount: sessions.length,
    recentSessions: sessions.slice(0, 5).map((session) => ({ ...session })),
    roots: roots.map((root) => ({ ...root })),
    problems: [],
    compared: madeUpCompared(),
    lastHour: madeUpHour(beat),
    alerts: { pausedUntil: null, unseen: 0, unavailable: null },
    display: { tray: ['tokens', 'left'], theme: 'auto', weekStart: 'auto', keepPopoverSeconds: 0 },
  };
}

export { iso, START };
