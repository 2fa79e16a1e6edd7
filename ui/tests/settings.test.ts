// The page Settings: changed without a pointer, refused, taken back; in both themes and at every width.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { hostCalls, withBrowser } from './browser';
import { focused } from './fit';

const open = withBrowser();

async function atSettings(wish: Parameters<typeof open>[0] = {}): Promise<{ page: Page }> {
  const opened = await open({ at: 'settings', ...wish });
  await opened.page.getByTestId('group-look').waitFor();
  return opened;
}

const openGroup = (page: Page, group: string) => page.getByTestId(`group-${group}`).locator('.group-head').press('Enter');
const setting = (page: Page, key: string) => page.locator(`[data-key="${key}"]`);
const changes = async (page: Page) => (await hostCalls(page)).filter((call) => call.startsWith('change'));

test('in the narrowest window no tab’s name is cut', async () => {
  const { page } = await atSettings({ viewport: { width: 320, height: 600 } });
  const cut = await page.evaluate(() => [...document.querySelectorAll('.tab-label')].filter((label) => label.scrollWidth > label.clientWidth).length);
  expect(cut).toBe(0);
});

test('what was not understood stands on top, and a setting without words shows its key', async () => {
  const { page } = await atSettings({ scenario: 'unseen' });
  expect(await page.getByTestId('settings-problems').innerText()).toContain('expected auto, estimate or utc');
  await openGroup(page, 'advanced');
  expect(await setting(page, 'novel.setting_without_words').innerText()).toContain('novel.setting_without_words');
});

test('a choice is made with arrow keys, says that it was saved here, and is reset', async () => {
  const { page } = await atSettings();
  await openGroup(page, 'look');
  const theme = setting(page, 'display.theme');
  await theme.locator('[role=radio][tabindex="0"]').focus();
  await page.keyboard.press('ArrowRight');
  expect(await focused(page)).toBe('light');
  await theme.getByTestId('reset').waitFor();
  expect(await theme.locator('[aria-checked=true]').innerText()).toBe('Light');
  expect(await theme.getByTestId('origin').innerText()).toBe('saved here');
  await theme.getByTestId('reset').press('Enter');
  await theme.getByTestId('reset').waitFor({ state: 'detached' });
  expect(await theme.locator('[aria-checked=true]').innerText()).toBe('As the system');
  expect(await changes(page)).toEqual(['change display.theme "light"', 'change display.theme null']);
});

test('at most two figures stand beside the icon, in the order they are chosen', async () => {
  const { page } = await atSettings();
  await openGroup(page, 'look');
  const tray = setting(page, 'display.tray');
  await tray.locator('[data-value=burn]').press('Space');
  expect(await tray.innerText()).toContain('At most 2 can be chosen.');
  await tray.locator('[data-value=tokens]').press('Space');
  await tray.locator('[data-value=tokens][aria-pressed=false]').waitFor();
  await tray.locator('[data-value=burn]').press('Space');
  await tray.locator('[data-value=burn][aria-pressed=true]').waitFor();
  expect(await changes(page)).toEqual(['change display.tray ["left"]', 'change display.tray ["left","burn"]']);
});

test('a number is refused at its field with what holds instead, and put right', async () => {
  const { page } = await atSettings();
  await openGroup(page, 'alerts');
  const block = setting(page, 'alerts.block');
  const field = block.locator('input');
  await field.fill('75, 900');
  await field.press('Enter');
  const refusal = block.getByTestId('setting-refused');
  await refusal.waitFor();
  expect(await refusal.innerText()).toMatch(/expected from 1 to 100 It stays 50, 75, 90, 100\./);
  expect(await field.inputValue(), 'what was typed is there to be put right').toBe('75, 900');
  await field.fill('many');
  await field.press('Enter');
  expect(await refusal.innerText()).toContain('Whole numbers');
  await field.press('Escape');
  expect(await field.inputValue()).toBe('50, 75, 90, 100');
  expect(await refusal.count()).toBe(0);
  expect(await hostCalls(page), 'the first Escape only takes back what was typed').not.toContain('dismiss');
  await field.fill('90 50');
  await field.press('Enter');
  await block.getByTestId('reset').waitFor();
  expect(await field.inputValue()).toBe('50, 90');
  await field.fill('none');
  await field.press('Enter');
  await page.waitForFunction(() => window.fixture?.calls.includes('change alerts.block []'));
  expect(await changes(page)).toEqual(['change alerts.block [75,900]', 'change alerts.block [50,90]', 'change alerts.block []']);
});

test('a number may stand in place of a word; nothing is saved before there is one', async () => {
  const { page } = await atSettings();
  await openGroup(page, 'limits');
  const limit = setting(page, 'blocks.token_limit');
  await limit.getByRole('radio', { name: 'A number' }).press('Enter');
  expect(await changes(page)).toEqual([]);
  await limit.locator('input').fill('4,850,000');
  await limit.locator('input').press('Enter');
  await limit.getByTestId('reset').waitFor();
  expect(await limit.locator('[aria-checked=true]').innerText()).toBe('A number');
  await limit.getByRole('radio', { name: 'P90 of blocks' }).press('Enter');
  await limit.locator('input').waitFor({ state: 'detached' });
  expect(await changes(page)).toEqual(['change blocks.token_limit 4850000', 'change blocks.token_limit "p90"']);
});

test('what the environment says cannot be changed here, and says why', async () => {
  const { page } = await atSettings();
  await openGroup(page, 'folders');
  const folders = setting(page, 'claude_config_dirs');
  expect(await folders.getByTestId('origin').innerText()).toBe('environment · Set by the environment; change it there.');
  expect(await folders.locator('textarea').getAttribute('readonly')).not.toBeNull();
  expect(await page.getByTestId('group-folders').innerText()).toMatch(/projects\s+128 logs/);
  await openGroup(page, 'advanced');
  expect(await setting(page, 'logging.level').getByTestId('origin').innerText()).toContain('from the next start');
  await setting(page, 'logging.level').locator('[data-value=trace]').press('Enter');
  expect(await changes(page)).toEqual([]);
});

test('an alert is tried; while its fate is open that is said, then what became of it', async () => {
  const { page } = await atSettings();
  await openGroup(page, 'alerts');
  const button = page.getByRole('button', { name: 'Test alert: burn rate' });
  const answer = page.locator('.setting-foot', { has: button }).getByTestId('test-answer');
  const release = await page.evaluateHandle(() => window.fixture?.hold());
  await button.press('Enter');
  expect(await answer.innerText()).toBe('Waiting for the system…');
  expect(await button.getAttribute('aria-disabled')).toBe('true');
  await button.press('Enter');
  await release.evaluate((go) => go?.());
  await page.getByText('Shown.').waitFor();
  expect(await button.getAttribute('aria-disabled')).toBe('false');
  expect((await hostCalls(page)).filter((call) => call.startsWith('testAlert')), 'once, although pressed twice').toEqual(['testAlert burnRate']);
  expect(await page.getByTestId('test-alert').count(), 'one for each rule').toBe(10);
});

test('that the system shows no alerts is said where they are chosen, and of the one that is tried', async () => {
  const { page } = await atSettings({ scenario: 'unseen' });
  await openGroup(page, 'alerts');
  expect(await page.getByTestId('alerts-unavailable').count()).toBe(1);
  expect(await page.getByTestId('alerts-unavailable').innerText()).toContain('No notification service answers');
  await page.getByRole('button', { name: 'Test alert: reset' }).press('Enter');
  await page.getByText('Not shown: No notification service answers').waitFor();
});

test('closed groups say what holds, and follow it', async () => {
  const { page } = await atSettings();
  const line = (group: string) => page.getByTestId(`group-${group}`).locator('.group-line');
  expect(await line('look').innerText()).toBe('Tokens today, time left');
  expect(await line('login').innerText()).toBe('On');
  await openGroup(page, 'login');
  expect(await line('login').innerText(), 'opened it says what it is for').toContain('Whether counting begins');
  await page.getByTestId('autostart').press('Space');
  await page.locator('[data-testid=autostart][aria-checked=false]').waitFor();
  await openGroup(page, 'login');
  expect(await line('login').innerText()).toBe('Off');
});

test('what was changed elsewhere is there when the page is looked at again, but not over what is being typed', async () => {
  const { page } = await atSettings();
  await openGroup(page, 'alerts');
  const field = setting(page, 'alerts.block').locator('input');
  await field.fill('33');
  await page.evaluate(() => window.fixture?.elsewhere('alerts.block', [60]));
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await setting(page, 'alerts.block').getByTestId('reset').waitFor();
  expect(await field.inputValue()).toBe('33');
  await field.press('Escape');
  expect(await field.inputValue()).toBe('60');
});

test('start at login, the status line and the report for faults', async () => {
  const { page } = await atSettings();
  for (const group of ['login', 'statusline', 'data']) await openGroup(page, group);
  const switched = page.getByRole('switch', { name: 'Start Token Monitor when you log in' });
  expect(await switched.getAttribute('aria-checked')).toBe('true');
  await switched.press('Space');
  await page.locator('[data-testid=autostart][aria-checked=false]').waitFor();
  await page.getByTestId('statusline').press('Space');
  await page.locator('[data-testid=statusline][aria-checked=true]').waitFor();
  await page.getByTestId('diagnostics').press('Enter');
  await page.getByText('token-monitor-diagnostics-2026-03-14.json').waitFor();
  expect(await page.getByTestId('group-data').innerText()).toContain('sessions.db');
});
