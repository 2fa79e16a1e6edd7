// Takes the pictures of the documentation: the real programs on a private desktop, with made-up logs and nothing of
// the person's own. Writes docs/images/*.png: a picture of each page, of the icon, and of what stands in their place.

import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { SESSIONS, writeHistory, writeSession } from './ada.mjs';
import { APP_FEATURES, ROOT, main, npm, run, setUp, step } from './steps.mjs';

process.env.TOKEN_MONITOR_TEST_BINARIES ??= path.join(ROOT, 'target/release');
const { openDesktop } = await import('../src-tauri/tests/app/desktop.mjs');
const { LAYOUTS, binary, newData, startMonitor } = await import('../src-tauri/tests/app/monitor.mjs');
const { startNotifications } = await import('../src-tauri/tests/app/notifications.mjs');
const { PANEL_HEIGHT } = await import('../src-tauri/tests/app/panel.mjs');
const { until } = await import('../src-tauri/tests/app/waiting.mjs');

const IMAGES = path.join(ROOT, 'docs/images');

const [RESIDENT] = LAYOUTS;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Room around a window in its picture. */
const MARGIN = 12;

/** The pages, in the order of their tabs, and the picture each is shot into. */
const PAGES = [
  ['sessions', 'sessions'],
  ['blocks', 'blocks'],
  ['history', 'history'],
  ['settings', 'settings'],
];

await main(async () => {
  if (!process.argv.includes('--built')) build();
  const desktop = await openDesktop();
  try {
    await paintBackground(desktop);
    await shootFigures(desktop);
    await shootEmpty(desktop);
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
  writeHistory(data.claude);
  const written = SESSIONS.map((session) => writeSession(data.claude, session));
  await tellQuota(desktop, data, { block: 38, week: 61 });
  const notifications = await startNotifications(desktop);
  const monitor = await startMonitor(desktop, RESIDENT, data, { driven: true });
  await until('the logs to be read', async () => !(await monitor.item.tooltip()).includes('Reading'));
  await shootTray(monitor);
  const page = await monitor.drivePopover();
  await until('the figures', async () => Number(await page.peek('[data-testid="today-total"]').then(digits)) > 0);
  await shootPopover(monitor, 'popover');
  for (const [id, picture] of PAGES) {
    await page.click(`[data-testid="tab-${id}"]`);
    if (id === 'sessions') await openSession(page, written.length);
    if (id === 'settings') await page.click('[data-testid="group-look"] .group-head');
    await shootPopover(monitor, picture);
  }
  await page.click('[data-testid="tab-now"]');
  await monitor.desktop.ask(binary('token-monitor'), ['settings', 'set', 'display.theme', 'dark'], data.env);
  await until('the dark theme', async () => page.run('return document.documentElement.dataset.scheme === "dark"'));
  await shootPopover(monitor, 'popover-dark');
  await monitor.desktop.ask(binary('token-monitor'), ['settings', 'set', 'display.theme', 'light'], data.env);
  await page.leave();
  await monitor.escape();
  await monitor.untilPopoverIsGone();
  await shootAlerts(monitor, notifications);
  await monitor.quit();
}

/** Alerts as they come: the block's, a minute later the week's, and one that quiet hours keep back. */
async function shootAlerts(monitor, notifications) {
  const { desktop, data } = monitor;
  await tellQuota(desktop, data, { block: 78, week: 61 });
  await notifications.untilShown(/block/);
  await shootNotification(desktop, notifications);
  await tellQuota(desktop, data, { block: 78, week: 76 });
  await notifications.untilShown(/week/i, 2 * MINUTE_MS);
  await notifications.clear();
  await desktop.ask(binary('token-monitor'), ['settings', 'set', 'alerts.quiet_hours', await aroundNow(desktop)], data.env);
  await tellQuota(desktop, data, { block: 91, week: 76 });
  await until('all to be decided', async () => (await monitor.command('alerts')).alerts.length >= 3);
  const page = await monitor.drivePopover();
  await page.click('[data-testid="tab-alerts"]');
  await page.find('alert');
  await shootPopover(monitor, 'alerts');
  await page.leave();
}

async function shootNotification(desktop, notifications) {
  const part = { x: notifications.place.x - MARGIN, y: notifications.place.y - MARGIN, width: notifications.place.width + 2 * MARGIN, height: 110 };
  await untilStill(desktop, part);
  await desktop.screenshot(path.join(IMAGES, 'notification.png'), part);
  console.log('docs/images/notification.png');
  await notifications.clear();
}

/** The latest session, opened. */
async function openSession(page, least) {
  await until('the sessions', async () => (await page.count('session-row')) >= Math.min(least, 8));
  await page.run('document.querySelectorAll(\'[data-testid="session-row"] button\')[0]?.click()');
  await page.find('timeline');
}

async function shootEmpty(desktop) {
  const monitor = await startMonitor(desktop, RESIDENT, newData(desktop), { driven: true });
  const page = await monitor.drivePopover();
  await page.find('empty-state');
  await shootPopover(monitor, 'empty');
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

/** What Claude Code's status line would have told just now. */
async function tellQuota(desktop, data, { block, week }) {
  const inSeconds = (hours) => Math.round((Date.now() + hours * HOUR_MS) / 1000);
  const windows = {
    five_hour: { used_percentage: block, resets_at: inSeconds(2.2) },
    seven_day: { used_percentage: week, resets_at: inSeconds(64) },
  };
  const told = path.join(desktop.folder, 'status-line.json');
  writeFileSync(told, JSON.stringify({ session_id: 'ada', rate_limits: windows }));
  await desktop.ask('sh', ['-c', `'${binary('token-monitor')}' statusline < '${told}'`], data.env);
}

/** An hour before to an hour after now. */
async function aroundNow(desktop) {
  const clock = async (offset) => (await desktop.ask('date', ['-d', offset, '+%H:%M'])).trim();
  return `${await clock('-1 hour')}-${await clock('+1 hour')}`;
}

function digits(text) {
  return (text ?? '').replaceAll(/\D/g, '');
}
