// A year in the life of a made-up person: what Ada has been doing with Claude Code, for pictures and measures. Every
// line is invented here; it writes logs into the folder it is handed and nothing else.

const HOUR_MS = 3_600_000;

/** What Ada has been doing: project, title, model, hours since it began, answers so far. */
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

/** How far back her history goes. */
const DAYS_OF_HISTORY = 365;

/** Answers spread evenly from the session's start to an hour and a half later, at most until now. */
export function writeSession(claude, [project, title, model, hoursAgo, answers]) {
  const session = claude.session({ project: `/home/ada/projects/${project}`, title, model });
  const start = Date.now() - hoursAgo * HOUR_MS;
  const length = Math.min(1.5, hoursAgo) * HOUR_MS;
  for (let turn = 1; turn <= answers; turn += 1) {
    session.answer(turnOf(turn), { at: new Date(start + (length * turn) / answers) });
  }
  return session;
}

/** A context that grows and is cut again, as in a long conversation. */
function turnOf(turn) {
  const context = 9_000 + (turn % 40) * 2_100;
  return { input: 40 + (turn % 7) * 30, output: 220 + (turn % 11) * 90, cacheWrite: 1_400 + (turn % 5) * 300, cacheRead: context };
}

/** Busier weeks and quieter ones, free Sundays, now and then a day off. */
export function writeHistory(claude) {
  for (let day = DAYS_OF_HISTORY; day > 6; day -= 1) {
    if (day % 7 === 3 || day % 23 === 5) continue;
    const answers = 20 + Math.round(60 * (1 + Math.sin(day / 9))) + (day % 5) * 14;
    const [project, title, model] = SESSIONS[day % SESSIONS.length];
    writeSession(claude, [project, `${title}, part ${day}`, model, day * 24 + (day % 6), answers]);
    if (day % 3 === 0) writeSession(claude, ['notebook', `Notes of day ${day}`, SESSIONS[3][2], day * 24 - 7, answers / 2]);
  }
}
