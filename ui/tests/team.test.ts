// The dashboard of a team's hub: its pages, editing the rules of cost centers, and every page in both themes.
import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { accessibilityViolations } from './accessibility';
import { type OpenedPage, type OpenOptions, withBrowser } from './browser';
import { expectFitsAndAccessibleInAllColors, focusedControl, layoutProblems, waitForLayout } from './layout-checks';
import { TeamServer } from './team-server';

const servers: TeamServer[] = [];

// Registered before the browser's hook, so that pages are closed before their server stops.
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

const open = withBrowser();

const [WIDE, NARROW] = [{ width: 1440, height: 900 }, { width: 320, height: 700 }];
const pages = ['overview', 'sessions', 'members', 'costCenters'] as const;

/** For tests that check every page in several themes, in milliseconds. */
const LONG_TEST = 120_000;

async function openTeam(options: OpenOptions & { path?: string } = {}, prepare: (server: TeamServer) => void = () => undefined): Promise<OpenedPage & { server: TeamServer }> {
  const { path = '', ...pageOptions } = options;
  const server = await new TeamServer().start();
  servers.push(server);
  prepare(server);
  const opened = await open({ url: server.url + path, viewport: WIDE, ready: '[role=tabpanel]:visible .card, h1:has-text("Sign in")', ...pageOptions });
  return { ...opened, server };
}

/** Shows a page with its content. */
async function showPage(page: Page, tab: (typeof pages)[number]): Promise<void> {
  await page.click(`#tab-${tab}`);
  await page.locator('[role=tabpanel]:visible .card').first().waitFor();
  await waitForLayout(page);
}

const names = (page: Page, testid: string) => page.getByTestId(testid).evaluateAll((rows) => rows.map((row) => row.textContent));

test('without a session the page leads to the sign-in page', async () => {
  const { page, server, allowViolations } = await openTeam({}, (server) => (server.hasSession = false));
  // The browser reports refused requests.
  allowViolations();
  await page.waitForURL(`${server.url}sign-in`);
});

test('the overview has the totals of the range, divided as chosen', async () => {
  const { page, server } = await openTeam();
  await page.getByTestId('history-chart').waitFor();
  expect(server.requests.some((request) => /^GET \/api\/v1\/history\?by=member&since=\d{4}-\d\d-\d\d$/.test(request))).toBe(true);
  expect(await page.getByTestId('history-part').count()).toBe(4);
  expect((await names(page, 'history-part'))[3]).toContain('3 other members');
  await page.getByTestId('choose-by').getByText('Model').click();
  await page.getByTestId('history-part').filter({ hasText: 'model one' }).waitFor();
  await page.getByTestId('choose-range').getByText('All').click();
  await expect.poll(() => server.requests).toContain('GET /api/v1/history?by=model');
  await page.getByTestId('choose-measure').getByText('Cost').click();
  await page.locator('.headline__figure').filter({ hasText: '$' }).waitFor();
});

test('without usage a note says what to do', async () => {
  const { page } = await openTeam({ ready: '[data-testid=empty-note]' }, (server) => (server.days = 0));
  await page.getByTestId('empty-note').filter({ hasText: 'token-monitor push' }).waitFor();
  expect(await accessibilityViolations(page)).toEqual([]);
});

test('a hub that does not respond is reported, and asked again on request', async () => {
  const { page, server, allowViolations } = await openTeam();
  allowViolations();
  server.hasSession = true;
  await page.route('**/api/v1/devices', (route) => route.abort());
  await page.click('#tab-members');
  await page.getByTestId('load-error').filter({ hasText: 'The hub does not respond.' }).waitFor();
  expect(await accessibilityViolations(page)).toEqual([]);
  await page.unroute('**/api/v1/devices');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByTestId('device').first().waitFor();
});

test('members have their last update and their level', async () => {
  const { page } = await openTeam({ path: '#/members' });
  const rows = await names(page, 'device');
  expect(rows[0]).toContain('updated 5m ago');
  expect(rows[0]).toContain('sessions with names, tags and descriptions');
  expect(rows[0]).toContain('administrator');
  expect(rows[2]).toContain('no update yet');
  expect(rows[3]).toContain('token revoked');
  expect(rows[3], 'a name is text, without characters that reorder it').toMatch(/^<img src=x onerror=alert\(1\)>token/);
});

test('shared sessions have their texts and figures, and those in use are marked', async () => {
  const { page } = await openTeam({ path: '#/sessions' });
  await page.getByRole('heading', { name: '3 sessions of seven days, shared by 2 devices' }).waitFor();
  const rows = await names(page, 'team-session');
  expect(rows[0]).toMatch(/^Refunds.*billing.*1\.23M tokens.*\$3\.50.*Ada · acme\/shop · main.*working now.*Refunds that arrive/);
  expect(rows[1]).toMatch(/^session 01234567.*unpriced.*Ada · fedcba98 · main.*1h ago$/);
  expect(rows[2], 'a name is text, without characters that reorder it').toMatch(/^<img src=x onerror=alert\(1\)>1\.23M/);
});

test('without shared sessions a note says who shares them', async () => {
  const { page } = await openTeam({ path: '#/sessions', ready: '[data-testid=empty-note]' }, (server) => (server.sessions = []));
  await page.getByTestId('empty-note').filter({ hasText: 'level 3' }).waitFor();
  expect(await accessibilityViolations(page)).toEqual([]);
});

test('members near a limit are marked, and the window that resets next', async () => {
  const { page, server } = await openTeam({ path: '#/members' });
  await page.getByTestId('limit').first().waitFor();
  const rows = await names(page, 'limit');
  expect(rows[0]).toMatch(/^Adanear the limit92% used.*Five hours · desk · read 3m ago.*resets in 2h 5m$/);
  expect(rows[1]).toMatch(/^<img src=x onerror=alert\(1\)>80% used.*resets next, in 12m$/);
  expect(rows[2]).toMatch(/12% used.*Week \(Opus\).*resets in 2d 2h$/);
  server.limits = server.limits.map((limit) => ({ ...limit, usedPercent: 100 }));
  await page.reload();
  await page.getByTestId('limit').first().waitFor();
  expect((await names(page, 'limit'))[0]).toMatch(/^Adalimit reached100% used/);
  server.limits = [];
  await page.reload();
  await page.getByTestId('device').first().waitFor();
  expect(await page.getByTestId('limit').count(), 'no device shares its limits').toBe(0);
});

test('a rule is added, edited and removed', async () => {
  const { page, server, allowViolations } = await openTeam({ path: '#/costCenters' });
  await page.getByTestId('empty-note').filter({ hasText: 'No rules yet.' }).waitFor();
  await page.getByTestId('add-rule').click();
  expect(await accessibilityViolations(page)).toEqual([]);
  await page.getByTestId('rule-repository').fill(' acme/* ');
  await page.getByTestId('share-name').fill('Payments');
  await page.getByTestId('share-percent').fill('33.3');
  await page.getByTestId('add-share').click();
  await page.getByTestId('share-name').nth(1).fill('Research');
  await page.getByTestId('share-percent').nth(1).fill('66.6');
  await page.keyboard.press('Enter');
  await page.getByTestId('rule-error').filter({ hasText: 'The shares add up to 99.9%, not to 100%.' }).waitFor();
  await page.getByTestId('share-percent').nth(1).fill('66.7');
  await page.getByTestId('save-rule').click();
  await page.getByTestId('rule').filter({ hasText: 'Payments 33.3%, Research 66.7%' }).waitFor();
  const shares = [{ costCenter: 'Payments', percent: 33.3 }, { costCenter: 'Research', percent: 66.7 }];
  const none = { member: null, project: null, tag: null, from: null, until: null };
  expect(server.rules).toEqual([{ ...none, repository: 'acme/*', position: 1, shares, id: 'rule-0' }]);

  await page.getByTestId('edit-rule').click();
  expect(await page.getByTestId('rule-repository').inputValue()).toBe('acme/*');
  server.refusal = 'use days of the years 0 to 9999';
  await page.getByTestId('rule-from').fill('2026-03-01');
  // The browser reports refused requests.
  allowViolations();
  await page.getByTestId('save-rule').click();
  await page.getByTestId('rule-error').filter({ hasText: 'use days' }).waitFor();
  server.refusal = null;
  await page.getByTestId('save-rule').click();
  await page.getByTestId('rule').filter({ hasText: 'from 2026-03-01' }).waitFor();
  expect(await focusedControl(page), 'the focus returns to the button').toBe('edit-rule');

  await page.getByTestId('remove-rule').click();
  await page.getByTestId('rule').waitFor({ state: 'detached' });
  await page.getByTestId('rules-note').filter({ hasText: 'Rule removed.' }).waitFor();
  expect(await focusedControl(page), 'the removed button had the focus').toBe('add-rule');
});

test('members who are not administrators only read the rules', async () => {
  const { page } = await openTeam({ path: '#/costCenters' }, (server) => {
    server.caller = { ...server.caller, isAdmin: false };
    server.rules = [{ id: 'one', position: 1, member: 'A*', project: null, repository: null, tag: null, from: null, until: null, shares: [{ costCenter: 'Payments', percent: 100 }] }];
  });
  await page.getByTestId('rule').filter({ hasText: 'member A*' }).waitFor();
  expect(await page.getByTestId('add-rule').count()).toBe(0);
  expect(await page.getByTestId('edit-rule').count()).toBe(0);
});

test('budgets have the cost of the month', async () => {
  const { page } = await openTeam({ path: '#/costCenters' }, (server) => {
    server.budgets = [
      { id: 'one', costCenter: 'Research', monthlyCostNanos: 800e9, costNanos: 723.5e9, thresholds: [50, 90] },
      { id: 'two', costCenter: null, monthlyCostNanos: 1_000e9, costNanos: 1_250e9, thresholds: [100] },
    ];
  });
  await page.getByTestId('budget').first().waitFor();
  const rows = await names(page, 'budget');
  expect(rows[0]).toMatch(/^Research\$723\.50 of \$800\.00.*90% used.*reported at 50%, 90%$/);
  expect(rows[1]).toMatch(/^Whole team\$1,250\.00 of \$1,000\.00.*125% used/);
  expect(await accessibilityViolations(page)).toEqual([]);
});

test('the usage by cost center is exported for the chosen range', async () => {
  const { page } = await openTeam({ path: '#/costCenters' });
  await page.getByTestId('choose-range').getByText('All').click();
  await expect.poll(() => page.getByTestId('export-csv').getAttribute('href')).toBe('/api/v1/allocation?format=csv&by=day%2Cmodel');
  expect(await page.getByTestId('export-focus').getAttribute('href')).toContain('format=focus');
  const month = new Date().toISOString().slice(0, 7);
  const reports = page.getByTestId('export-pdf');
  expect(await reports.count(), 'this month and the one before').toBe(2);
  expect(await reports.first().getAttribute('href')).toBe(`/api/v1/allocation?format=pdf&month=${month}`);
});

test('the address leads to the page again', async () => {
  const { page } = await openTeam();
  await page.click('#tab-members');
  await page.getByTestId('device').first().waitFor();
  expect(new URL(page.url()).hash).toBe('#/members');
  await page.reload();
  await page.getByTestId('device').first().waitFor();
  await page.goBack();
  await page.getByTestId('history-chart').waitFor();
});

test('signing out leaves the page', async () => {
  const { page, server } = await openTeam();
  await page.getByTestId('sign-out').click();
  await page.waitForURL(`${server.url}sign-in`);
  expect(server.requests).toContain('POST /sign-out');
});

test.each([
  ['wide', WIDE],
  ['narrow', NARROW],
] as const)('%s: every page fits and is accessible in both themes and in forced colors', { timeout: LONG_TEST }, async (name, viewport) => {
  const { page } = await openTeam({ viewport }, (server) => {
    server.budgets = [{ id: 'one', costCenter: 'A cost center with a long name', monthlyCostNanos: 123_456e9, costNanos: 99_999e9, thresholds: [50, 80, 100] }];
    server.rules = [{ id: 'one', position: 1, member: 'A*', project: 'shop', repository: 'acme/a-repository-with-a-long-name', tag: 'x', from: '2026-01-01', until: null, shares: [{ costCenter: 'A cost center with a long name', percent: 50 }, { costCenter: 'b', percent: 50 }] }];
  });
  for (const tab of pages) {
    await showPage(page, tab);
    await expectFitsAndAccessibleInAllColors(page, `${name}, ${tab}`);
  }
  await page.getByTestId('add-rule').click();
  await page.getByTestId('add-share').click();
  // A dialog lies on the page behind it.
  const problems = (await layoutProblems(page)).filter((problem) => !problem.startsWith('lie on one another'));
  expect(problems, `${name}, the form`).toEqual([]);
  expect(await accessibilityViolations(page), `${name}, the form`).toEqual([]);
});
