// Takes the pictures of the documentation: the real programs on a private desktop, with made-up logs and nothing of
// the person's own. Writes docs/images/{tray,popover,sessions,empty,import}.png and nothing else.

import { appendFileSync } from 'node:fs';
import path from 'node:path';

import { APP_FEATURES, ROOT, main, npm, run, setUp, step } from './steps.mjs';

process.env.TOKEN_MONITOR_TEST_BINARIES ??= path.join(ROOT, 'target/release');
const { openDesktop } = await import('../src-tauri/tests/app/desktop.mjs');
const { LAYOUTS, newData, startMonitor } = await import('../src-tauri/tests/app/monitor.mjs');
const { PANEL_HEIGHT } = await import('../src-tauri/tests/app/panel.mjs');
const { signal } = await import('../src-tauri/tests/app/processes.mjs');
const { until } = await import('../src-tauri/tests/app/waiting.mjs');

const IMAGES = path.join(ROOT, 'docs/images');

const [RESIDENT] = LAYOUTS;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Room around a window in its picture. */
const MARGIN = 12;

/** Large enough that reading it takes longer than opening a popover. */
const BACKLOG_BYTES = 2500 * 1024 * 1024;

/** What Ada has been doing: project, title, model, hours since it began, answers so far. */
const SESSIONS = [
  ['orrery', 'Fix the login flow', 'claude-opus-4-5-20251101', 1.4, 96],
  ['orrery', 'Draw the moons of Jupiter', 'claude-sonnet-4-5-20250929', 3.1, 64],
  ['tide-tables', 'Import harbour data', 'claude-sonnet-4-5-20250929', 7, 210],
  ['notebook', 'Search as you type', 'claude-haiku-4-5-20251001', 22, 120],
  ['notebook', 'Move the settings to one file', 'claude-sonnet-4-5-20250929', 27, 80],
  ['tide-tables', 'Why does the build fail on Windows', 'claude-opus-4-5-20251101', 49, 150],
  ['orrery', 'Release notes', 'claude-haiku-4-5-20251001', 73, 30],
  ['letters', 'Print on both sides', 'claude-sonnet-4-5-20250929', 120, 90],
];

await main(async () => {
  if (!process.argv.includes('--built')) build();
  const desktop = await openDesktop();
  try {
    await paintBackground(desktop);
    await shootFigures(desktop);
    await shootEmpty(desktop);
    await shootImport(desktop);
  } finally {
    desktop.close();
  }
});

function build() {
  step('Setup', () => setUp('test'));
  step('Building the UI', () => npm('ui:build'));
  step('Building the programs', () => {
    run('cargo', 'build', '--release', '--locked', '--package', 'token-monitor-cli');
    run('cargo', 'build', '--release', '--locked', ...APP_FEATURES);
  });
}

/** A quiet gradient instead of an X server's black. ImageMagick's `display` paints it and ends with no useful code. */
async function paintBackground(desktop) {
  const somewhere = { x: 40, y: 400, width: 40, height: 40 };
  const bare = await desktop.pixels(somewhere);
  const { width, height } = desktop.size;
  desktop.start('display', ['-size', `${width}x${height}`, '-window', 'root', 'gradient:#5b7a99-#243447']);
  await until('the background', async () => !(await desktop.pixels(somewhere)).equals(bare));
}

async function shootFigures(desktop) {
  const data = newData(desktop);
  const written = SESSIONS.map((session) => writeSession(data.claude, session));
  const monitor = await startMonitor(desktop, RESIDENT, data, { driven: true });
  await shootTray(monitor);
  const page = await monitor.drivePopover();
  await until('the figures', async () => Number(await page.peek('[data-testid="today-total"]').then(digits)) > 0);
  await shootPopover(monitor, 'popover');
  await page.click('[data-testid="tab-sessions"]');
  await until('the sessions', async () => (await page.count('session-row')) >= written.length);
  await shootPopover(monitor, 'sessions');
  await page.leave();
  await monitor.quit();
}

async function shootEmpty(desktop) {
  const monitor = await startMonitor(desktop, RESIDENT, newData(desktop), { driven: true });
  const page = await monitor.drivePopover();
  await page.find('empty-state');
  await shootPopover(monitor, 'empty');
  await page.leave();
  await monitor.quit();
}

/** Holds the resident in the middle of its import, so that the picture shows what is there for a second only. */
async function shootImport(desktop) {
  const data = newData(desktop);
  writeBacklog(data.claude);
  const monitor = await startMonitor(desktop, RESIDENT, data, { driven: true });
  const page = await monitor.drivePopover();
  await page.find('import-progress');
  signal(monitor.pid, 'SIGSTOP');
  await shootPopover(monitor, 'import');
  signal(monitor.pid, 'SIGCONT');
  await page.leave();
  await monitor.quit();
}

/** The icon with its tooltip, as the pointer rests on it. */
async function shootTray(monitor) {
  const { desktop, icon } = monitor;
  const below = { x: desktop.size.width - 620, y: PANEL_HEIGHT + 2, width: 620, height: 150 };
  const bare = await desktop.pixels(below);
  await desktop.movePointer(...icon.centre);
  await until('the tooltip', async () => !(await desktop.pixels(below)).equals(bare));
  await untilStill(desktop, below);
  await desktop.screenshot(path.join(IMAGES, 'tray.png'), { ...below, y: 0, height: below.y + below.height });
  await desktop.movePointer(desktop.size.width / 2, desktop.size.height - 20);
}

/** The popover below its icon, once nothing on it moves any more. */
async function shootPopover(monitor, name) {
  const { desktop } = monitor;
  await desktop.movePointer(20, desktop.size.height - 20);
  const shown = await until('the popover', () => monitor.popover());
  const x = Math.max(0, shown.x - MARGIN);
  const height = Math.min(desktop.size.height, shown.y + shown.height + MARGIN);
  const part = { x, y: 0, width: desktop.size.width - x, height };
  await until('the popover to be drawn', async () => !isOneColour(await desktop.pixels(shown)));
  await untilStill(desktop, { ...part, y: PANEL_HEIGHT, height: height - PANEL_HEIGHT });
  await desktop.screenshot(path.join(IMAGES, `${name}.png`), part);
  console.log(`docs/images/${name}.png`);
}

/** Looks until several looks in a row are the same: fonts, fades and bars have arrived. */
async function untilStill(desktop, part) {
  let last = await desktop.pixels(part);
  let same = 0;
  await until('the screen to stand still', async () => {
    const now = await desktop.pixels(part);
    same = now.equals(last) ? same + 1 : 0;
    last = now;
    return same >= 4;
  });
}

/** A window that has opened but not drawn yet is one flat colour. */
function isOneColour(pixels) {
  for (let at = 3; at < pixels.length; at += 3) {
    if (pixels.compare(pixels, 0, 3, at, at + 3) !== 0) return false;
  }
  return true;
}

/** Answers spread evenly from the session's start to an hour and a half later, at most until now. */
function writeSession(claude, [project, title, model, hoursAgo, answers]) {
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

function writeBacklog(claude) {
  const filler = `${JSON.stringify({ type: 'user', message: { role: 'user', content: 'made up '.repeat(500) } })}\n`;
  const block = filler.repeat(2_000);
  for (const [project, title, model] of SESSIONS) {
    const session = writeSession(claude, [project, title, model, 3, 60]);
    for (let bytes = 0; bytes < BACKLOG_BYTES / SESSIONS.length; bytes += block.length) appendFileSync(session.log, block);
  }
}

function digits(text) {
  return (text ?? '').replaceAll(/\D/g, '');
}
