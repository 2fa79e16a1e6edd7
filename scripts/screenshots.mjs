// Takes the screenshots of the documentation, docs/images/*.png, from the release build on a private desktop with
// synthetic logs: `npm run screenshots [-- --built]`. With `--built`, the programs are not built first. The screen has twice
// the usual density.

import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { SESSIONS, writeHistory, writeSession } from './fixture-history.mjs';
import { APP_FEATURES, ROOT, main, npm, run, setUp, step } from './lib/run.mjs';

process.env.TOKEN_MONITOR_TEST_BINARIES ??= path.join(ROOT, 'target/release');
const { openDesktop } = await import('../src-tauri/tests/e2e/desktop.mjs');
const { LAYOUTS, createData, programPath, startMonitor } = await import('../src-tauri/tests/e2e/monitor.mjs');
const { startNotifications } = await import('../src-tauri/tests/e2e/notifications.mjs');
const { PANEL_HEIGHT } = await import('../src-tauri/tests/e2e/panel.mjs');
const { openTab, readColorScheme, readTodayTokens } = await import('../src-tauri/tests/e2e/popover-page.mjs');
const { waitFor } = await import('../src-tauri/tests/e2e/wait.mjs');

const IMAGES = path.join(ROOT, 'docs/images');

const [LINUX_LAYOUT] = LAYOUTS;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** The pixels of the screen for each pixel of the layout. */
const SCALE = 2;

/** Space around a window. */
const MARGIN = 12 * SCALE;

/** Height of a notification with its margin. */
const NOTIFICATION_HEIGHT = 110 * SCALE;

/** The part of the screen below the panel that has room for the tooltip. */
const TOOLTIP = { width: 620 * SCALE, height: 250 * SCALE };

const PANEL_BOTTOM = PANEL_HEIGHT * SCALE;

/** Successive identical captures after which the screen counts as still. */
const STILL_CAPTURES = 4;

/** Rows of the session list that fit into the popover. */
const VISIBLE_SESSIONS = 8;

/** The pages in the order of their tabs. Each is saved under its own name. */
const PAGES = ['sessions', 'blocks', 'history', 'settings'];

await main(async () => {
  if (!process.argv.includes('--built')) build();
  const desktop = await openDesktop({ width: 1280 * SCALE, height: 800 * SCALE, scale: SCALE });
  try {
    await paintBackground(desktop);
    await capturePages(desktop);
    await captureEmptyState(desktop);
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

/** Paints a gradient on the root window. ImageMagick's `display` paints it and then exits with an unspecified code. */
async function paintBackground(desktop) {
  const area = { x: 40, y: 400, width: 40, height: 40 };
  const before = await desktop.pixels(area);
  const { width, height } = desktop.size;
  desktop.start('display', ['-size', `${width}x${height}`, '-window', 'root', 'gradient:#5b7a99-#243447']);
  await waitFor('the background', async () => !(await desktop.pixels(area)).equals(before));
}

async function capturePages(desktop) {
  const data = createData(desktop);
  writeHistory(data.claude);
  const sessions = SESSIONS.map((session) => writeSession(data.claude, session));
  await sendQuota(desktop, data, { block: 38, week: 61 });
  const notifications = await startNotifications(desktop);
  const monitor = await startMonitor(desktop, LINUX_LAYOUT, data, { automated: true });
  await waitFor('the logs to be read', async () => !(await monitor.item.tooltip()).includes('Reading'));
  await captureTray(monitor);
  const page = await monitor.openWithDriver();
  await waitFor('the figures', async () => (await readTodayTokens(page)) > 0);
  await capturePopover(monitor, 'popover');
  for (const name of PAGES) {
    await openTab(page, name);
    if (name === 'sessions') await expandFirstSession(page, sessions.length);
    await capturePopover(monitor, name);
  }
  await openTab(page, 'now');
  await monitor.run('settings', 'set', 'display.theme', 'dark');
  await waitFor('the dark theme', async () => (await readColorScheme(page)) === 'dark');
  await capturePopover(monitor, 'popover-dark');
  await monitor.run('settings', 'set', 'display.theme', 'light');
  await page.detach();
  await monitor.closeWithEscape();
  await monitor.waitUntilPopoverExits();
  await captureAlerts(monitor, notifications);
  await monitor.quit();
}

/** Triggers an alert for the block, one for the week a minute later, and one that quiet hours suppress. */
async function captureAlerts(monitor, notifications) {
  const { desktop, data } = monitor;
  await sendQuota(desktop, data, { block: 78, week: 61 });
  await notifications.waitFor(/block/);
  await captureNotification(desktop, notifications);
  await sendQuota(desktop, data, { block: 78, week: 76 });
  await notifications.waitFor(/week/i, 2 * MINUTE_MS);
  await notifications.closeAll();
  await monitor.run('settings', 'set', 'alerts.quiet_hours', await desktop.hoursAroundNow());
  await sendQuota(desktop, data, { block: 91, week: 76 });
  await waitFor('three alerts', async () => (await monitor.runJson('alerts')).alerts.length >= 3);
  const page = await monitor.openWithDriver();
  await openTab(page, 'alerts');
  await page.waitForTestId('alert');
  await capturePopover(monitor, 'alerts');
  await page.detach();
}

async function captureNotification(desktop, notifications) {
  const { x, y, width } = notifications.area;
  const area = { x: x - MARGIN, y: y - MARGIN, width: width + 2 * MARGIN, height: NOTIFICATION_HEIGHT };
  await waitUntilStill(desktop, area);
  await saveImage(desktop, 'notification', area);
  await notifications.closeAll();
}

/** Expands the most recent session, once the list is filled. */
async function expandFirstSession(page, count) {
  await waitFor('the sessions', async () => (await page.count('session-row')) >= Math.min(count, VISIBLE_SESSIONS));
  await page.execute('document.querySelectorAll(\'[data-testid="session-row"] button\')[0]?.click()');
  await page.waitForTestId('timeline');
}

async function captureEmptyState(desktop) {
  const monitor = await startMonitor(desktop, LINUX_LAYOUT, createData(desktop), { automated: true });
  const page = await monitor.openWithDriver();
  await page.waitForTestId('empty-state');
  await capturePopover(monitor, 'empty');
  await page.detach();
  await monitor.quit();
}

/** Captures the icon with its tooltip. */
async function captureTray(monitor) {
  const { desktop, icon } = monitor;
  const belowPanel = { x: desktop.size.width - TOOLTIP.width, y: PANEL_BOTTOM + 2, ...TOOLTIP };
  const before = await desktop.pixels(belowPanel);
  await desktop.movePointer(...icon.center);
  await waitFor('the tooltip', async () => !(await desktop.pixels(belowPanel)).equals(before));
  await waitUntilStill(desktop, belowPanel);
  await saveImage(desktop, 'tray', { ...belowPanel, y: 0, height: belowPanel.y + belowPanel.height });
  await desktop.movePointer(desktop.size.width / 2, desktop.size.height - 20);
}

/** Captures the popover below its icon, once it has stopped changing. */
async function capturePopover(monitor, name) {
  const { desktop } = monitor;
  await desktop.movePointer(20, desktop.size.height - 20);
  const window = await monitor.waitUntilShown();
  const x = Math.max(0, window.x - MARGIN);
  const height = Math.min(desktop.size.height, window.y + window.height + MARGIN);
  const area = { x, y: 0, width: desktop.size.width - x, height };
  await waitFor('the popover to be drawn', async () => !isSingleColor(await desktop.pixels(window)));
  await waitUntilStill(desktop, { ...area, y: PANEL_BOTTOM, height: height - PANEL_BOTTOM });
  await saveImage(desktop, name, area);
}

async function saveImage(desktop, name, area) {
  await desktop.screenshot(path.join(IMAGES, `${name}.png`), area);
  console.log(`docs/images/${name}.png`);
}

/** Waits until several captures in a row are identical: fonts are loaded and transitions have ended. */
async function waitUntilStill(desktop, area) {
  let last = await desktop.pixels(area);
  let identical = 0;
  await waitFor('the screen to stop changing', async () => {
    const now = await desktop.pixels(area);
    identical = now.equals(last) ? identical + 1 : 0;
    last = now;
    return identical >= STILL_CAPTURES;
  });
}

/** Returns true if all pixels have the same color, as in a window that has not been drawn yet. */
function isSingleColor(pixels) {
  for (let offset = 3; offset < pixels.length; offset += 3) {
    if (pixels.compare(pixels, 0, 3, offset, offset + 3) !== 0) return false;
  }
  return true;
}

/** Passes an official quota to the status line command, as Claude Code does. Percentages of the block and the week. */
async function sendQuota(desktop, data, { block, week }) {
  const secondsIn = (hours) => Math.round((Date.now() + hours * HOUR_MS) / 1000);
  const windows = {
    five_hour: { used_percentage: block, resets_at: secondsIn(2.2) },
    seven_day: { used_percentage: week, resets_at: secondsIn(64) },
  };
  const input = desktop.pathTo('status-line.json');
  writeFileSync(input, JSON.stringify({ session_id: 'ada', rate_limits: windows }));
  await desktop.run('sh', ['-c', `'${programPath('token-monitor')}' statusline < '${input}'`], data.env);
}
