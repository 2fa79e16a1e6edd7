// A year of synthetic logs of a fictional user named Ada, for screenshots and benchmarks.

const HOUR_MS = 3_600_000;

/** Recent sessions: project, title, model, hours since the start, messages. */
export const SESSIONS = [
  ['orrery', 'Fix the login flow', 'claude-opus-4-5-20251101', 1.4, 96],
  ['orrery', 'Draw the moons of Jupiter', 'claude-sonnet-4-5-20250929', 3.1, 64],
  ['tide-tables', 'Import harbour data', 'claude-sonnet-4-5-20250929', 7, 210],
  ['notebook', 'Search as you type', 'claude-haiku-4-5-20251001', 22, 120],
  ['notebook', 'Move the settings to one file', 'claude-sonnet-4-5-20250929', 27, 80],
  ['tide-tables', 'Why does the build fail on Windows', 'claude-opus-4-5-20251101', 49, 150],
  ['orrery', 'Release notes', 'claude-haiku-4-5-20251001', 73, 30],
  ['letters', 'Print on both sides', 'claude-sonnet-4-5-20250929', 120, 90],
];

const HISTORY_DAYS = 365;

/** Days covered by `SESSIONS`. */
const RECENT_DAYS = 6;

/** The longest session. */
const MAX_SESSION_HOURS = 1.5;

/** Writes a session whose messages are spread evenly over at most an hour and a half, and end before now. */
export function writeSession(claude, [project, title, model, hoursAgo, answers]) {
  const session = claude.session({ project: `/home/ada/projects/${project}`, title, model });
  const start = Date.now() - hoursAgo * HOUR_MS;
  const duration = Math.min(MAX_SESSION_HOURS, hoursAgo) * HOUR_MS;
  for (let turn = 1; turn <= answers; turn += 1) {
    session.answer(usageOfTurn(turn), { at: new Date(start + (duration * turn) / answers) });
  }
  return session;
}

/** Returns the usage of a turn. The context grows and is compacted every 40 turns. */
function usageOfTurn(turn) {
  const context = 9_000 + (turn % 40) * 2_100;
  return { input: 40 + (turn % 7) * 30, output: 220 + (turn % 11) * 90, cacheWrite: 1_400 + (turn % 5) * 300, cacheRead: context };
}

/** Writes the days before the recent sessions: busy and quiet weeks, free Sundays and some days off. */
export function writeHistory(claude) {
  for (let day = HISTORY_DAYS; day > RECENT_DAYS; day -= 1) {
    if (day % 7 === 3 || day % 23 === 5) continue;
    const answers = 20 + Math.round(60 * (1 + Math.sin(day / 9))) + (day % 5) * 14;
    const [project, title, model] = SESSIONS[day % SESSIONS.length];
    writeSession(claude, [project, `${title}, part ${day}`, model, day * 24 + (day % 6), answers]);
    if (day % 3 === 0) writeSession(claude, ['notebook', `Notes of day ${day}`, SESSIONS[3][2], day * 24 - 7, answers / 2]);
  }
}
