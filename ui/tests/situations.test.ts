// The texts of the Now page in each situation: what leads, what stands beside it, and what must not be claimed.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { hostCalls, withBrowser } from './browser';

const open = withBrowser();

/** Words that claim a limit. */
const LIMIT_WORDS = /\b(left|limit|runs? out|resets?)\b/i;

const block = async (page: Page) => (await page.locator('.current-block__main').innerText()).replace(/\s+/g, ' ');
const lead = async (page: Page) => (await page.getByTestId('block-left').innerText()).replace(/\s+/g, ' ').replace(/, .*/, '').trim();

test('no limit: the tokens lead, compared with the usual block, and the real limits are offered', async () => {
  const { page } = await open({ scenario: 'normal' });
  expect(await lead(page)).toBe('1.84M');
  const shown = await block(page);
  expect(shown).toMatch(/38%.* of your usual maximum/);
  expect(shown).toMatch(/tokens since 10:48.*block ends ~15:48/);
  expect(shown).not.toMatch(LIMIT_WORDS);
  expect(await page.locator('.current-block .gauge').count()).toBe(0);
  const offer = page.getByTestId('limits-offer');
  await expect.poll(() => offer.innerText()).toMatch(/Show Claude’s real limits\s+Through Claude Code’s status line\./);
  await page.getByTestId('turn-on-limits').press('Enter');
  await offer.waitFor({ state: 'detached' });
});

test('a dismissed offer does not return', async () => {
  const { page } = await open({ scenario: 'normal' });
  await page.getByTestId('dismiss-limits-offer').press('Enter');
  await page.reload();
  await page.getByTestId('block-left').waitFor();
  await page.waitForFunction(() => window.fixture?.calls.includes('statusline'));
  expect(await page.getByTestId('limits-offer').count()).toBe(0);
});

test('official and calm: the time left leads, then the share and the range at the reset', async () => {
  const { page } = await open({ scenario: 'subscription' });
  expect(await lead(page)).toMatch(/^2h (9|10)m left$/);
  const shown = await block(page);
  expect(shown).toContain('38%');
  expect(shown).toMatch(/resets 15:48.*71–84% by then/);
  expect(await page.locator('.current-block__main').getAttribute('class')).toContain('level--calm');
  await expect.poll(() => page.getByTestId('foot').innerText()).toMatch(/Live\s+from Claude\s+~ estimate\s+\$ API-equivalent/);
  expect(await page.getByTestId('limits-offer').count()).toBe(0);
});

test('will be reached: the time to the limit leads, in the color of its level', async () => {
  const { page } = await open({ scenario: 'reachable' });
  expect(await lead(page)).toMatch(/^~(54|55)m to the limit$/);
  const shown = await block(page);
  expect(shown).toContain('76%');
  expect(shown).toMatch(/at this pace, 14:33.*resets 15:48/);
  expect(await page.getByTestId('burn-up').locator('.burn-up__text--over').textContent()).toBe('14:33');
});

test('reached: the time to the reset leads, and when Claude Code works again', async () => {
  const { page } = await open({ scenario: 'reached' });
  expect(await lead(page)).toMatch(/^2h (9|10)m to reset$/);
  const shown = await block(page);
  expect(shown).toContain('100%');
  expect(shown).toContain('Claude Code works again at 15:48');
  expect(shown, 'no forecast any more').not.toContain('by then');
});

test('stale: the figures are gray, with the age of the reading', async () => {
  const { page } = await open({ scenario: 'stale' });
  expect(await block(page)).toMatch(/as of 25m ago/);
  expect(await page.locator('.current-block__main').getAttribute('class')).toContain('level--stale');
});

test('at rest: 0, and the time of the last message', async () => {
  const { page } = await open({ scenario: 'idle' });
  const rate = (await page.locator('.burn-rate').innerText()).replace(/\s+/g, ' ');
  expect(rate).toContain('at rest');
  expect(rate).toMatch(/0 ?\/min/);
  expect(rate).toContain('last message 13:38');
  expect(await block(page)).toContain('The next five-hour block starts with your next message.');
});

test('importing: the progress, and the figures so far', async () => {
  const { page } = await open({ scenario: 'importing', beat: 100 });
  await page.getByTestId('today-total').waitFor();
  expect((await page.getByTestId('import-progress').innerText()).replace(/\s+/g, ' ')).toMatch(/Reading your logs .*of 400 files.*of 812 MB/);
  await expect.poll(() => page.getByTestId('foot').innerText()).toContain('Reading logs');
});

test('no logs: the first steps, of which the finished ones are marked', async () => {
  const { page } = await open({ scenario: 'empty' });
  const shown = (await page.getByTestId('empty-state').innerText()).replace(/\s+/g, ' ');
  for (const expected of ['No Claude Code logs yet', 'Use Claude Code once', 'Show Claude’s real limits', 'Start at login']) expect(shown).toContain(expected);
  expect(await page.locator('.first-steps__number.is-done').count()).toBe(1);
  await page.getByTestId('statusline').press('Space');
  await page.waitForFunction(() => document.querySelectorAll('.first-steps__number.is-done').length === 2);
});

test('every card leads to its page, by keyboard and by a click beside its controls', async () => {
  const { page } = await open({ scenario: 'subscription' });
  const chosen = () => page.locator('[role=tab][aria-selected=true]').getAttribute('id');
  for (const [name, tab] of [['open-blocks', 'tab-blocks'], ['open-history', 'tab-history'], ['open-sessions', 'tab-sessions']]) {
    await page.getByTestId(name ?? '').press('Enter');
    expect(await chosen()).toBe(tab);
    await page.click('#tab-now');
  }
  for (const [card, tab] of [['.current-block__main .burn-up', 'tab-blocks'], ['.today-kinds .kind-breakdown__rows', 'tab-history'], ['.today__comparison', 'tab-history']]) {
    await page.locator(card ?? '').click();
    expect(await chosen()).toBe(tab);
    await page.click('#tab-now');
  }
});

test('a problem is one line that can be shown in full, mended and dismissed', async () => {
  const { page } = await open({ scenario: 'normal' });
  const problem = { code: 'logUnreadable' as const, message: 'Cannot read 3 logs.', hint: 'Run token-monitor doctor for the reasons.' };
  await page.evaluate((shown) => window.fixture?.changeSnapshot(() => ({ problems: [shown] })), problem);
  const banner = page.getByTestId('problem-banner');
  const height = async () => (await banner.boundingBox())?.height ?? 0;
  await banner.waitFor();
  expect(await height(), 'one line').toBeLessThan(40);
  expect(await banner.locator('.banner__text').evaluate((text) => getComputedStyle(text).userSelect)).toBe('text');
  await page.getByTestId('copy-command').press('Enter');
  await banner.getByText('Copied').waitFor();
  expect(await hostCalls(page)).toContain('copyText token-monitor doctor');
  await banner.locator('[data-control=banner-more]').press('Enter');
  expect(await banner.locator('.banner__text').evaluate((text) => text.scrollWidth <= text.clientWidth)).toBe(true);
  await page.getByTestId('dismiss-banner').press('Enter');
  await banner.waitFor({ state: 'detached' });
  await page.evaluate((shown) => window.fixture?.changeSnapshot(() => ({ problems: [shown] })), { code: 'settingInvalid' as const, message: 'config.yaml: blocks.anchor: expected auto', hint: 'Fix it.' });
  await page.getByTestId('open-settings').press('Enter');
  expect(await page.locator('[role=tab][aria-selected=true]').getAttribute('id')).toBe('tab-settings');
});

test('running sessions: those that wait come first, with their reason, context and cache', async () => {
  const { page } = await open({ scenario: 'agents' });
  const rows = page.getByTestId('agent');
  await rows.first().waitFor();
  expect((await page.getByTestId('agent-counts').innerText()).replace(/\s+/g, ' ')).toBe('1 , official 2 , official 3 , official');
  expect(await rows.locator('.agent-shape').evaluateAll((shapes) => shapes.map((shape) => shape.getAttribute('aria-label')))).toEqual([
    'waits for you',
    'busy',
    'busy',
    'idle',
    'idle',
    'idle',
  ]);
  await expect.poll(() => rows.first().innerText()).toContain('permission prompt for Bash');
  expect(await rows.getByTestId('context').allInnerTexts()).toEqual(['62%', '34%', '81%', '47%', '48.2k'].map((words) => expect.stringContaining(words) as string));
  await expect.poll(() => rows.getByTestId('cache').nth(0).innerText()).toMatch(/3:1\d/);
  await expect.poll(() => rows.getByTestId('cache').nth(3).innerText()).toBe('cache cold');
  await rows.first().getByRole('button').press('Enter');
  await page.getByTestId('session-pane').getByText('fix login flow').first().waitFor();
});

test('today in tokens and in cost: the same kinds in the same order', async () => {
  const { page } = await open({ scenario: 'normal' });
  const kinds = page.locator('.today-kinds').getByTestId('kind');
  expect(await kinds.locator('dt').allInnerTexts()).toEqual(['Output', 'Cache write', 'Cache read', 'Input']);
  const shares = await page.locator('.today-kinds .kind-breakdown__cost .kind-breakdown__share').evaluateAll((all) => all.map((share) => share.firstChild?.textContent));
  expect(shares).toEqual(['47%', '33%', '18%', '3%']);
  expect(await page.locator('.today-kinds .stacked-bar').count()).toBe(2);
});

test('without a price today is in tokens only', async () => {
  const { page } = await open({ scenario: 'normal' });
  await page.evaluate(() => window.fixture?.changeSnapshot((day) => ({ today: { ...day.today, totalCost: null, costByKind: null } })));
  await page.waitForFunction(() => document.querySelectorAll('.today-kinds .stacked-bar').length === 1);
  expect(await page.locator('.today-kinds .kind-breakdown__cost').count()).toBe(0);
});

test('a limit that may not be reached leads with the time left', async () => {
  const { page } = await open({ scenario: 'reachable' });
  await page.evaluate(() => {
    const uncertain = { projectedPercent: { low: 92, high: 131 } };
    window.fixture?.changeSnapshot(({ blockUse, quota }) => ({
      blockUse: blockUse && { ...blockUse, ...uncertain },
      quota: quota.map((row) => (row.window === 'fiveHour' ? { ...row, ...uncertain } : row)),
    }));
  });
  await page.getByTestId('may-run-out').waitFor();
  await expect.poll(() => page.getByTestId('may-run-out').innerText()).toContain('may run out ~');
  expect(await lead(page)).toMatch(/ left$/);
});

test('texture replaces color only with more contrast', async () => {
  const { page } = await open({ scenario: 'normal' });
  const fills = () => page.locator('.kind-breakdown .stacked-bar rect').evaluateAll((bars) => bars.map((bar) => getComputedStyle(bar).fill));
  expect((await fills()).filter((fill) => fill.includes('url('))).toEqual([]);
  await page.emulateMedia({ contrast: 'more' });
  await page.locator('html[data-contrast=more]').waitFor({ state: 'attached' });
  expect((await fills()).filter((fill) => fill.includes('url(')).length).toBeGreaterThan(0);
});
