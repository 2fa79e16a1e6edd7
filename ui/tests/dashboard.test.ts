// The web build on a server: signing in, live figures, renaming, exporting, addresses, and every page in both themes.
import type { Download, Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { accessibilityViolations } from './accessibility';
import { type OpenedPage, type OpenOptions, withBrowser } from './browser';
import { DashboardServer, EXPORTED } from './dashboard-server';
import { expectFitsAndAccessibleInAllColors, waitForLayout } from './layout-checks';

const servers: DashboardServer[] = [];

// Registered before the browser's hook, so that pages are closed before their server stops.
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

const open = withBrowser();

/** The sizes of a desktop and of a phone. */
const [WIDE, NARROW] = [{ width: 1440, height: 900 }, { width: 390, height: 844 }];
const pages = ['now', 'sessions', 'blocks', 'history', 'alerts', 'settings'] as const;

/** For tests that check every page in several themes, in milliseconds. */
const LONG_TEST = 180_000;

/** Starts a server and opens its dashboard, signed in. */
async function openDashboard(options: OpenOptions & { path?: string } = {}): Promise<OpenedPage & { server: DashboardServer }> {
  const { scenario = 'agents', path = '', ...pageOptions } = options;
  const server = await new DashboardServer(scenario).start();
  servers.push(server);
  const opened = await open({ url: server.url + path, viewport: WIDE, storageState: server.storageState, ...pageOptions });
  return { ...opened, server };
}

const address = (page: Page) => new URL(page.url()).hash;
const footState = (page: Page) => page.locator('.foot__state').innerText();

/** Returns the content of a downloaded file. */
async function readDownload(download: Download): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function openMenu(page: Page): Promise<void> {
  await page.getByTestId('more-menu').click();
  await page.getByRole('menu').waitFor();
}

test('without a session the page leads to the sign-in page, whose link leads back', async () => {
  const { page, server, allowViolations } = await openDashboard({ storageState: { cookies: [], origins: [] }, ready: 'h1:has-text("Sign in")' });
  allowViolations();
  expect(page.url()).toBe(`${server.url}sign-in`);
  await page.goto(`${server.url}sign-in?code=once`);
  await page.getByTestId('block-left').waitFor();
  expect(page.url(), 'no code stays in the address').toBe(server.url);
});

test('a session that ends leads to the sign-in page', async () => {
  const { page, server, allowViolations } = await openDashboard();
  allowViolations();
  server.hasSession = false;
  await page.click('#tab-history');
  await page.waitForURL(`${server.url}sign-in`);
});

test('signing out ends the session and leaves the page', async () => {
  const { page, server } = await openDashboard();
  await openMenu(page);
  await page.getByTestId('sign-out').click();
  await page.waitForURL(`${server.url}sign-in`);
  expect(server.requests).toContain('POST /sign-out');
  expect(await page.context().cookies()).toEqual([]);
});

test('a change shows without a reload', async () => {
  const { page, server } = await openDashboard();
  server.change((now) => ({ burnRate: { ...now.burnRate, tokensPerMinute: 4_321 } }));
  await page.locator('[data-testid=burn-rate][data-value="4321"]').waitFor();
  expect(await footState(page)).toBe('Live');
});

test('a lost connection is shown, and figures are live again after it', async () => {
  const { page, server, allowViolations } = await openDashboard();
  allowViolations();
  await page.evaluate(() => {
    new MutationObserver(() => {
      if (document.querySelector('[data-testid=offline-banner]')) document.body.dataset['wasOffline'] = '';
    }).observe(document.body, { childList: true, subtree: true });
  });
  server.dropStreams();
  await page.locator('body[data-was-offline]').waitFor();
  await expect.poll(() => footState(page)).toBe('Live');
  server.change((now) => ({ burnRate: { ...now.burnRate, tokensPerMinute: 77 } }));
  await page.locator('[data-testid=burn-rate][data-value="77"]').waitFor();
});

test('a server that stopped is shown without a button that starts it', async () => {
  const { page, server, allowViolations } = await openDashboard();
  allowViolations();
  await server.stop();
  servers.splice(0);
  await page.getByTestId('offline-banner').getByText('No connection.').waitFor();
  expect(await footState(page)).toBe('Not connected');
  await expect.poll(() => page.getByTestId('start-button').innerText()).toBe('Try again');
  expect(await accessibilityViolations(page)).toEqual([]);
});

test('a session is renamed, and a name in use is refused with its reason', async () => {
  const { page, server, allowViolations } = await openDashboard({ path: '#/sessions' });
  const pane = page.getByTestId('session-pane');
  const rename = async (name: string) => {
    await pane.getByTestId('rename-button').click();
    await pane.getByTestId('rename-input').fill(name);
    await pane.getByTestId('rename-input').press('Enter');
  };
  await rename('A better name');
  await pane.getByRole('heading', { name: 'A better name' }).waitFor();
  expect(server.engine.sessions.all().map((session) => session.displayName)).toContain('A better name');
  // The browser reports refused requests.
  allowViolations();
  await rename('why is the build slow');
  await pane.getByTestId('rename-error').filter({ hasText: /\w/ }).waitFor();
});

test('the chosen days are downloaded in the chosen format', async () => {
  const { page, server } = await openDashboard({ path: '#/history' });
  await page.getByTestId('choose-by').getByText('Project').click();
  await page.getByTestId('export').click();
  await page.getByTestId('export-dialog').getByText(/^Days and their projects, Feb 13\s–\sMar 14, 2026\.$/).waitFor();
  expect(await accessibilityViolations(page)).toEqual([]);
  await page.getByTestId('export-format').getByText('FOCUS').click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('save-export').click()]);
  expect(download.suggestedFilename()).toBe('token-monitor-2026-03-14.csv');
  expect((await readDownload(download)).toString()).toBe(EXPORTED);
  expect(server.requests).toContain('GET /api/v1/export?format=focus&by=day&by=project&since=2026-02-13');
  await page.getByTestId('export-result').getByText('Downloaded').waitFor();
});

test('the share card is downloaded', async () => {
  const { page } = await openDashboard();
  await openMenu(page);
  await page.getByTestId('share').click();
  await page.getByTestId('share-preview').waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('save-card').click()]);
  expect(download.suggestedFilename()).toBe('token-monitor.png');
  const png = await readDownload(download);
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1200, 630]);
  await page.getByTestId('share-result').getByText('Downloaded').waitFor();
});

test('figures are copied by the page', async () => {
  const { page } = await openDashboard({ permissions: ['clipboard-read', 'clipboard-write'] });
  await openMenu(page);
  await page.getByTestId('copy-figures').click();
  await page.getByTestId('menu-note').filter({ hasText: 'Figures copied' }).waitFor({ state: 'attached' });
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('Burn rate:');
});

test('the address leads to the page again, and back leads to the one before', async () => {
  const { page } = await openDashboard({ viewport: NARROW });
  await page.click('#tab-history');
  expect(address(page)).toBe('#/history');
  await page.reload();
  await page.getByTestId('history-chart').waitFor();
  await page.click('#tab-sessions');
  await page.getByTestId('session-row').first().locator('.session-row__toggle').click();
  await page.getByTestId('session-detail').waitFor();
  expect(address(page)).toMatch(/^#\/sessions\/[\da-f-]{36}$/);
  await page.reload();
  await page.getByTestId('session-detail').waitFor();
  await page.goBack();
  await page.getByTestId('session-pane').waitFor({ state: 'detached' });
  expect(address(page)).toBe('#/sessions');
  await page.goBack();
  await page.getByTestId('history-chart').waitFor();
});

test('nothing is offered that a browser cannot do', async () => {
  const absent = async (page: Page, ...testids: string[]) => {
    for (const testid of testids) expect(await page.getByTestId(testid).count(), testid).toBe(0);
  };
  const { page } = await openDashboard({ scenario: 'normal' });
  await absent(page, 'limits-offer', 'no-tray');
  await openMenu(page);
  await absent(page, 'keep-open', 'open-as-window', 'quit');
  await page.keyboard.press('Escape');
  await page.click('#tab-sessions');
  await page.getByTestId('session-detail').waitFor();
  await absent(page, 'open-folder');
  await page.click('#tab-settings');
  await page.getByTestId('group-data').locator('.setting-group__header').click();
  await absent(page, 'statusline', 'autostart', 'diagnostics', 'group-system');
  const empty = await openDashboard({ scenario: 'empty' });
  await empty.page.getByTestId('empty-state').waitFor();
  await absent(empty.page, 'look-around', 'statusline', 'autostart');
});

test('the dashboard can be installed', async () => {
  const { page, server } = await openDashboard();
  const session = await page.context().newCDPSession(page);
  const { url, errors, data } = await session.send('Page.getAppManifest');
  expect([url, errors]).toEqual([`${server.url}manifest.webmanifest`, []]);
  const manifest = JSON.parse(data ?? '') as { name: string; display: string; icons: { src: string; sizes: string }[] };
  expect([manifest.name, manifest.display]).toEqual(['Token Monitor', 'standalone']);
  expect(manifest.icons.map((icon) => icon.sizes)).toEqual(['any', '256x256', '512x512']);
  for (const icon of manifest.icons) expect((await page.request.get(server.url + icon.src)).status(), icon.src).toBe(200);
});

test('the policy allows requests to the server only, and no page violates it', async () => {
  const { page, server } = await openDashboard();
  const policy = (await page.request.get(server.url)).headers()['content-security-policy'];
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(policy).toContain("connect-src 'self'");
  for (const tab of pages) await showPage(page, tab);
});

/** Shows a page with its content. */
async function showPage(page: Page, tab: (typeof pages)[number]): Promise<void> {
  await page.click(`#tab-${tab}`);
  const content = { now: 'agents', sessions: 'session-row', blocks: 'block-row', history: 'year-tiles', alerts: 'alert', settings: 'group-appearance' };
  await page.getByTestId(content[tab]).first().waitFor();
  await waitForLayout(page);
}

test.each([
  ['wide', WIDE, false],
  ['very wide', { width: 1920, height: 1080 }, false],
  ['narrow', NARROW, true],
] as const)('%s: every page fits and is accessible in both themes and in forced colors', { timeout: LONG_TEST }, async (name, viewport, hasTouch) => {
  const { page } = await openDashboard({ viewport, hasTouch, isMobile: hasTouch });
  for (const tab of pages) {
    await showPage(page, tab);
    await expectFitsAndAccessibleInAllColors(page, `${name}, ${tab}`);
  }
});

test('controls are large enough for fingers', async () => {
  const { page } = await openDashboard({ viewport: NARROW, hasTouch: true, isMobile: true });
  for (const tab of pages) {
    await showPage(page, tab);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('.button, .option-group__option, .tabs__tab, .input')]
        .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 32)
        .map((element) => `${element.className} “${element.textContent}”`),
    );
    expect(small, tab).toEqual([]);
  }
});
