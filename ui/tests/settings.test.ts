// The Settings page: changes, refusals and resets, with the keyboard.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { hostCalls, withBrowser } from './browser';
import { focusedControl } from './layout-checks';

const open = withBrowser();

async function atSettings(options: Parameters<typeof open>[0] = {}): Promise<{ page: Page }> {
  const opened = await open({ tab: 'settings', ...options });
  await opened.page.getByTestId('group-appearance').waitFor();
  return opened;
}

const openGroup = (page: Page, group: string) => page.getByTestId(`group-${group}`).locator('.setting-group__header').press('Enter');
const setting = (page: Page, key: string) => page.locator(`[data-key="${key}"]`);
const changes = async (page: Page) => (await hostCalls(page)).filter((call) => call.startsWith('changeSetting'));

test('no tab label is cut off in the narrowest window', async () => {
  const { page } = await atSettings({ viewport: { width: 320, height: 600 } });
  const cut = await page.evaluate(() => [...document.querySelectorAll('.tabs__label')].filter((label) => label.scrollWidth > label.clientWidth).length);
  expect(cut).toBe(0);
});

test('problems are listed at the top, and a setting without texts shows its key', async () => {
  const { page } = await atSettings({ scenario: 'unseen' });
  await expect.poll(() => page.getByTestId('settings-problems').innerText()).toContain('expected auto, estimate or utc');
  await openGroup(page, 'advanced');
  expect(await page.locator('[data-key^="performance."]').count(), 'set only in the file').toBe(0);
  await expect.poll(() => setting(page, 'novel.setting_without_texts').innerText()).toContain('novel.setting_without_texts');
});

test('a home that the configured folders leave out is included with one click', async () => {
  const { page } = await atSettings({ scenario: 'unseen' });
  await openGroup(page, 'folders');
  await page.getByRole('button', { name: 'Include ~/.claude-work' }).click();
  await page.getByTestId('include-home').waitFor({ state: 'detached' });
  expect(await changes(page)).toEqual(['changeSetting claude_config_dirs ["~/.claude","~/.claude-work"]']);
});

test('a choice is saved with arrow keys, shows its origin, and is reset', async () => {
  const { page } = await atSettings();
  const theme = setting(page, 'display.theme');
  await theme.locator('[role=radio][tabindex="0"]').focus();
  await page.keyboard.press('ArrowRight');
  expect(await focusedControl(page)).toBe('light');
  await theme.getByTestId('reset').waitFor();
  await expect.poll(() => theme.locator('[aria-checked=true]').innerText()).toBe('Light');
  await expect.poll(() => theme.getByTestId('origin').innerText()).toBe('saved here');
  await theme.getByTestId('reset').press('Enter');
  await theme.getByTestId('reset').waitFor({ state: 'detached' });
  await expect.poll(() => theme.locator('[aria-checked=true]').innerText()).toBe('System');
  expect(await changes(page)).toEqual(['changeSetting display.theme "light"', 'changeSetting display.theme null']);
});

test('at most two tray figures can be chosen, in order', async () => {
  const { page } = await atSettings();
  const tray = setting(page, 'display.tray');
  await tray.locator('[data-value=burn]').press('Space');
  await expect.poll(() => tray.innerText()).toContain('Choose at most 2.');
  await tray.locator('[data-value=tokens]').press('Space');
  await tray.locator('[data-value=tokens][aria-pressed=false]').waitFor();
  await tray.locator('[data-value=burn]').press('Space');
  await tray.locator('[data-value=burn][aria-pressed=true]').waitFor();
  expect(await changes(page)).toEqual(['changeSetting display.tray ["left"]', 'changeSetting display.tray ["left","burn"]']);
});

test('a refused number shows the current value and can be corrected', async () => {
  const { page } = await atSettings();
  await openGroup(page, 'alerts');
  const block = setting(page, 'alerts.block');
  const field = block.locator('input');
  await field.fill('75, 900');
  await field.press('Enter');
  const refusal = block.getByTestId('setting-refused');
  await refusal.waitFor();
  await expect.poll(() => refusal.innerText()).toMatch(/expected from 1 to 100 The value stays 50, 75, 90, 100\./);
  expect(await field.inputValue(), 'the typed text is kept').toBe('75, 900');
  await field.fill('many');
  await field.press('Enter');
  await expect.poll(() => refusal.innerText()).toContain('Enter whole numbers');
  await field.press('Escape');
  expect(await field.inputValue()).toBe('50, 75, 90, 100');
  expect(await refusal.count()).toBe(0);
  expect(await hostCalls(page), 'the first Escape only reverts the text').not.toContain('dismiss');
  await field.fill('90 50');
  await field.press('Enter');
  await block.getByTestId('reset').waitFor();
  expect(await field.inputValue()).toBe('50, 90');
  await field.fill('none');
  await field.press('Enter');
  await page.waitForFunction(() => window.fixture?.calls.includes('changeSetting alerts.block []'));
  expect(await changes(page)).toEqual(['changeSetting alerts.block [75,900]', 'changeSetting alerts.block [50,90]', 'changeSetting alerts.block []']);
});

test('a custom number replaces a fixed value once it is entered', async () => {
  const { page } = await atSettings();
  await openGroup(page, 'limits');
  const limit = setting(page, 'blocks.token_limit');
  await limit.getByRole('radio', { name: 'Custom' }).press('Enter');
  expect(await changes(page)).toEqual([]);
  await limit.locator('input').fill('4,850,000');
  await limit.locator('input').press('Enter');
  await limit.getByTestId('reset').waitFor();
  await expect.poll(() => limit.locator('[aria-checked=true]').innerText()).toBe('Custom');
  await limit.getByRole('radio', { name: 'P90 of blocks' }).press('Enter');
  await limit.locator('input').waitFor({ state: 'detached' });
  expect(await changes(page)).toEqual(['changeSetting blocks.token_limit 4850000', 'changeSetting blocks.token_limit "p90"']);
});

test('a setting from the environment is read-only and shows the reason', async () => {
  const { page } = await atSettings();
  await openGroup(page, 'folders');
  const folders = setting(page, 'claude_config_dirs');
  await expect.poll(() => folders.getByTestId('origin').innerText()).toBe('environment · Set by an environment variable; change it there.');
  expect(await folders.locator('textarea').getAttribute('readonly')).not.toBeNull();
  await expect.poll(() => page.getByTestId('group-folders').innerText()).toMatch(/projects\s+128 logs/);
  await openGroup(page, 'advanced');
  await expect.poll(() => setting(page, 'logging.level').getByTestId('origin').innerText()).toContain('applies after a restart');
  await setting(page, 'logging.level').locator('[data-value=trace]').press('Enter');
  expect(await changes(page)).toEqual([]);
});

test('a test alert shows its progress and its delivery', async () => {
  const { page } = await atSettings();
  await openGroup(page, 'alerts');
  const button = page.getByRole('button', { name: 'Test alert: burn rate' });
  const answer = page.locator('.setting__footer', { has: button }).getByTestId('test-answer');
  const release = await page.evaluateHandle(() => window.fixture?.holdNotifications());
  await button.press('Enter');
  await expect.poll(() => answer.innerText()).toBe('Waiting for the notification service…');
  expect(await button.getAttribute('aria-disabled')).toBe('true');
  await button.press('Enter');
  await release.evaluate((go) => go?.());
  await page.getByText('Shown.').waitFor();
  expect(await button.getAttribute('aria-disabled')).toBe('false');
  expect((await hostCalls(page)).filter((call) => call.startsWith('testAlert')), 'one request for two presses').toEqual(['testAlert burnRate']);
  expect(await page.getByTestId('test-alert').count(), 'one per rule').toBe(11);
});

test('unavailable notifications are reported in the group and for a test alert', async () => {
  const { page } = await atSettings({ scenario: 'unseen' });
  await openGroup(page, 'alerts');
  expect(await page.getByTestId('alerts-unavailable').count()).toBe(1);
  await expect.poll(() => page.getByTestId('alerts-unavailable').innerText()).toContain('No notification service responds');
  await page.getByRole('button', { name: 'Test alert: reset' }).press('Enter');
  await page.getByText('Not shown: No notification service responds').waitFor();
});

test('closed groups show their current values, expanded ones their description', async () => {
  const { page } = await atSettings();
  const line = (group: string) => page.getByTestId(`group-${group}`).locator('.setting-group__summary');
  await expect.poll(() => line('limits').innerText()).toBe('Token limit of a block: Automatic');
  await openGroup(page, 'limits');
  await expect.poll(() => line('limits').innerText()).toContain('How blocks are placed');
});

test('a default shows no words, and a changed setting a dot, in its group as well', async () => {
  const { page } = await atSettings();
  const theme = setting(page, 'display.theme');
  expect(await theme.getByTestId('origin').getAttribute('class'), 'read by screen readers only').toContain('visually-hidden');
  await expect.poll(() => page.getByTestId('group-costs').locator('.is-changed').innerText()).toContain('Costs');
  expect(await page.getByTestId('group-limits').locator('.is-changed').count()).toBe(0);
});

test('the search finds settings of all groups, and Escape clears it', async () => {
  const { page } = await atSettings();
  await page.keyboard.press('/');
  expect(await focusedControl(page)).toBe('setting-search');
  await page.keyboard.type('quiet hours');
  await setting(page, 'alerts.quiet_hours').waitFor();
  expect(await page.getByTestId('setting').count()).toBe(2);
  await page.keyboard.press('Escape');
  await page.getByTestId('group-appearance').waitFor();
  await page.keyboard.type('no such thing');
  await page.getByText('No setting matches.').waitFor();
  expect(await hostCalls(page)).not.toContain('dismiss');
});

test('changes from elsewhere appear when the page becomes visible, but do not overwrite typed text', async () => {
  const { page } = await atSettings();
  await openGroup(page, 'alerts');
  const field = setting(page, 'alerts.block').locator('input');
  await field.fill('33');
  await page.evaluate(() => window.fixture?.changeSettingElsewhere('alerts.block', [60]));
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await setting(page, 'alerts.block').getByTestId('reset').waitFor();
  expect(await field.inputValue()).toBe('33');
  await field.press('Escape');
  expect(await field.inputValue()).toBe('60');
});

test('autostart, status line and diagnostics work', async () => {
  const { page } = await atSettings();
  await openGroup(page, 'data');
  const autostart = page.getByRole('switch', { name: 'Start at login' });
  expect(await autostart.getAttribute('aria-checked')).toBe('true');
  await autostart.press('Space');
  await page.locator('[data-testid=autostart][aria-checked=false]').waitFor();
  await page.getByTestId('statusline').press('Space');
  await page.locator('[data-testid=statusline][aria-checked=true]').waitFor();
  await page.getByTestId('diagnostics').press('Enter');
  await page.getByText('token-monitor-diagnostics-2026-03-14.json').waitFor();
  await expect.poll(() => page.getByTestId('group-data').innerText()).toContain('sessions.db');
});

test('the web dashboard is turned on, and opened by a button beside its address', async () => {
  const { page } = await atSettings();
  await openGroup(page, 'web');
  expect(await page.getByTestId('open-dashboard').count()).toBe(0);
  await setting(page, 'serve.enabled').getByRole('switch').press('Space');
  await page.getByTestId('open-dashboard').press('Enter');
  await expect.poll(() => page.getByTestId('dashboard-address').innerText()).toBe('http://127.0.0.1:7337');
  expect(await changes(page)).toEqual(['changeSetting serve.enabled true']);
  expect(await hostCalls(page)).toContain('openDashboard');
  await expect.poll(() => setting(page, 'push.otlp_endpoint').getByTestId('origin').innerText()).toContain('Names a program or an address');
});
