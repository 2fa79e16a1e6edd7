// The situations the fixture host can be in, chosen by `?scenario=`. Each is a list of sessions
// and a way to change the ordinary snapshot; what is not changed is as on any working day.
import type { SessionStats } from '../bindings/SessionStats';
import type { Snapshot } from '../bindings/Snapshot';
import { iso, madeUpBlock, madeUpSession, madeUpToday, madeUpTotals, START } from './made-up';

export interface Scenario {
  sessions: SessionStats[];
  connected: boolean;
  /** Changes the ordinary snapshot of the n-th beat. */
  change: (ordinary: Snapshot, beat: number) => Partial<Snapshot>;
}

const many = (count: number) => Array.from({ length: count }, (_, index) => madeUpSession(index));
const roots = [
  { path: '/home/ada/.claude/projects', found: true, logs: 128 },
  { path: '/home/ada/.config/claude/projects', found: false, logs: 0 },
];

const normal: Scenario = { sessions: many(137), connected: true, change: () => ({}) };

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
    modelsUsed: [hostile, 'claude-opus-4-5-20251101'],
  }));
}

const hostile: Scenario = {
  sessions: hostileSessions(),
  connected: true,
  change: () => ({
    problems: [{ message: hostileTexts[0] ?? '', hint: hostileTexts[1] ?? '' }],
    zone: 'Not/A_Zone',
  }),
};

const nothing = madeUpTotals(0);

const empty: Scenario = {
  sessions: [],
  connected: true,
  change: () => ({
    totals: nothing,
    today: madeUpToday(0),
    currentBlock: null,
    burnRate: { tokensPerMinute: 0, freshTokensPerMinute: 0, level: 'normal' },
    roots: roots.map((root) => ({ ...root, logs: 0 })),
  }),
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

const idle: Partial<Snapshot> = {
  currentBlock: null,
  burnRate: { tokensPerMinute: 0, freshTokensPerMinute: 0, level: 'normal' },
};

const problem = {
  message: '3 logs could not be read: permission denied.',
  hint: 'Make the files in /home/ada/.claude/projects/ledger readable for you.',
};

/** Figures as large as they may get, priced, and hot. */
function huge(): Partial<Snapshot> {
  const today = { ...madeUpToday(250_000), totalCost: 12_345.67 };
  const burnRate = { tokensPerMinute: 1_284_000, freshTokensPerMinute: 88_000, level: 'high' as const };
  return { today, burnRate, currentBlock: { ...madeUpBlock(today.totalTokens), source: 'utc' } };
}

export const scenarios: Record<string, Scenario> = {
  normal,
  empty,
  hostile,
  huge: { ...normal, change: huge },
  idle: {
    ...normal,
    sessions: normal.sessions.map((session) => ({ ...session, isActive: false, burnRate: 0 })),
    change: () => idle,
  },
  importing: { ...normal, change: importing },
  problem: { ...normal, change: () => ({ problems: [problem] }) },
  disconnected: { ...normal, connected: false },
  many: { ...normal, sessions: many(10_000) },
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
    burnRate: { tokensPerMinute: rate, freshTokensPerMinute: Math.round(rate / 9), level: rate > 2_000 ? 'moderate' : 'normal' },
    sessionCount: sessions.length,
    recentSessions: sessions.slice(0, 5).map((session) => ({ ...session })),
    blockLimit: null,
    roots: roots.map((root) => ({ ...root })),
    problems: [],
  };
}

export { iso, START };
