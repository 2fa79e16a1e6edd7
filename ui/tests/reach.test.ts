// The menu of the window and the dialogs behind it, by mouse and by keyboard.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessibilityViolations } from './accessibility';
import { hostCalls, withBrowser } from './browser';

const open = withBrowser();

/** For tests that draw several pictures, in milliseconds. */
const SLOW_TEST = 90_000;

const menu = (page: Page) => page.getByRole('menu', { name: 'More' });
const lastCall = async (page: Page) => (await hostCalls(page)).filter((call) => !/^(snapshot|painted|statusline)/.test(call)).at(-1);

async function openMenu(page: Page): Promise<void> {
  await page.getByTestId('more-menu').click();
  await menu(page).waitFor();
}

test('the menu opens by keyboard, moves by arrow keys, and closes by Escape without closing the window', async () => {
  const { page } = await open();
  await page.getByTestId('more-menu').focus();
  await page.keyboard.press('ArrowDown');
  await menu(page).waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-testid'));
  expect(await focused()).toBe('keep-open');
  await page.keyboard.press('ArrowUp');
  expect(await focused(), 'the last item').toBe('quit');
  await page.keyboard.press('ArrowDown');
  expect(await focused(), 'the first item').toBe('keep-open');
  expect(await accessibilityViolations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await menu(page).waitFor({ state: 'detached' });
  expect(await focused()).toBe('more-menu');
  expect(await hostCalls(page)).not.toContain('dismiss');
});

test('a popover is kept open and released again', async () => {
  const { page } = await open();
  for (const [checked, call] of [['false', 'setPinned true'], ['true', 'setPinned false']] as const) {
    await openMenu(page);
    const item = page.getByTestId('keep-open');
    expect(await item.getAttribute('aria-checked')).toBe(checked);
    await item.click();
    await expect.poll(() => lastCall(page)).toBe(call);
  }
});

test('the current page opens in a window of its own', async () => {
  const { page } = await open();
  await page.click('#tab-history');
  await openMenu(page);
  await page.getByTestId('open-as-window').click();
  await expect.poll(() => lastCall(page)).toBe('detach history');
});

test('the figures are copied as text', async () => {
  const { page } = await open({ scenario: 'official' });
  await openMenu(page);
  await page.getByTestId('copy-figures').click();
  await page.getByTestId('menu-note').filter({ hasText: 'Figures copied' }).waitFor({ state: 'attached' });
  const copied = (await hostCalls(page)).find((call) => call.startsWith('copyText')) ?? '';
  expect(copied).toMatch(/Today: [\d,]+ tokens\nToday: \$[\d.,]+ API-equivalent\nCurrent block: \d+% used, resets \d\d:\d\d\nBurn rate: [\d,]+ tok\/min/);
});

test('all days are exported from the menu', async () => {
  const { page } = await open();
  await openMenu(page);
  await page.getByTestId('export-all').click();
  await page.getByTestId('export-dialog').getByRole('radio', { name: 'FOCUS' }).click();
  expect(await accessibilityViolations(page)).toEqual([]);
  await page.getByTestId('save-export').click();
  await page.getByTestId('export-result').filter({ hasText: 'Saved to /home/ada/token-monitor-2026-03-14.csv' }).waitFor();
  expect(await hostCalls(page)).toContain('exportHistory {"format":"focus","by":"model","from":null,"to":null}');
});

test('the app is quit from the menu', async () => {
  const { page } = await open();
  await openMenu(page);
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect.poll(() => lastCall(page)).toBe('quit');
});

test('about shows the version, the paths and the meaning of the signs', async () => {
  const { page } = await open();
  await openMenu(page);
  await page.getByTestId('about').click();
  const dialog = page.getByRole('dialog', { name: 'Token Monitor' });
  for (const expected of ['Version', 'reported by Claude Code itself', 'an estimate or a forecast', 'API-equivalent', 'sessions.db', '/home/ada/.claude/projects']) {
    await expect.poll(() => dialog.innerText()).toContain(expected);
  }
  expect(await accessibilityViolations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('more-menu');
  expect(await hostCalls(page), 'the window stays open').not.toContain('dismiss');
});

test('the share card shows all that is on it, without project names unless they are allowed', async () => {
  const { page } = await open();
  await openMenu(page);
  await page.getByTestId('share').click();
  const preview = page.getByTestId('share-preview');
  const summary = () => preview.getAttribute('aria-label');
  await preview.waitFor();
  expect(await summary()).toMatch(/^Preview: March 2026; [\d.]+[kMB] tokens with Claude Code in 30 days; \$[\d.,kM]+ API-equivalent; \d+ days? streak; .* best day; made on this computer · sums only$/);
  expect(await accessibilityViolations(page)).toEqual([]);
  const sums = await saveCard(page);
  expect(sums.size).toEqual([1200, 630]);
  expect(sums.chunks.filter((name) => /^(tEXt|zTXt|iTXt|eXIf)$/.test(name)), 'a PNG without text').toEqual([]);

  await page.getByTestId('share-projects').click();
  await expect.poll(summary).toMatch(/; made on this computer$/);
  const named = await saveCard(page);
  expect(named.bytes, 'names are drawn').not.toEqual(sums.bytes);
  await page.getByTestId('share-projects').click();
  await expect.poll(summary).toMatch(/sums only$/);
  expect((await saveCard(page)).bytes, 'and gone again').toEqual(sums.bytes);
}, SLOW_TEST);

test('the share card is the same whatever the projects are called', async () => {
  const cards = [];
  for (const scenario of ['normal', 'hostile']) {
    const { page } = await open({ scenario });
    await openMenu(page);
    await page.getByTestId('share').click();
    await page.getByTestId('share-preview').waitFor();
    cards.push((await saveCard(page)).bytes);
  }
  expect(cards[0]).toEqual(cards[1]);
}, SLOW_TEST);

test('the share card can be copied, and says what was saved', async () => {
  const { page } = await open();
  await openMenu(page);
  await page.getByTestId('share').click();
  await page.getByTestId('copy-card').click();
  await page.getByTestId('share-result').filter({ hasText: 'Picture copied' }).waitFor();
  await page.getByTestId('save-card').click();
  await page.getByTestId('share-result').filter({ hasText: '/home/ada/Pictures/token-monitor-2026-03-14.png' }).waitFor();
});

test('the folder of a session opens', async () => {
  const { page } = await open({ tab: 'sessions' });
  await page.getByTestId('session-row').nth(0).locator('.session-row__toggle').click();
  await page.getByTestId('open-folder').click();
  await expect.poll(() => lastCall(page)).toMatch(/^openSessionFolder /);
  expect(await page.getByTestId('folder-refusal').count()).toBe(0);
});

test('a missing folder of a session is reported', async () => {
  const { page } = await open({ tab: 'sessions' });
  await page.getByTestId('session-row').nth(1).locator('.session-row__toggle').click();
  await page.getByTestId('open-folder').click();
  await page.getByTestId('folder-refusal').filter({ hasText: 'does not exist on this computer' }).waitFor();
});

interface SavedCard {
  bytes: number[];
  size: [number, number];
  chunks: string[];
}

/** Saves the card and returns its bytes, its size and the names of its chunks. */
async function saveCard(page: Page): Promise<SavedCard> {
  const before = (await hostCalls(page)).filter((call) => call.startsWith('saveShareCard')).length;
  await page.getByTestId('save-card').click();
  await expect.poll(async () => (await hostCalls(page)).filter((call) => call.startsWith('saveShareCard')).length, { timeout: SLOW_TEST }).toBe(before + 1);
  await page.getByTestId('share-result').filter({ hasText: 'Saved to' }).waitFor();
  const bytes = await page.evaluate(() => window.fixture?.savedCard ?? []);
  const view = new DataView(new Uint8Array(bytes).buffer);
  const chunks: string[] = [];
  for (let at = 8; at < bytes.length; at += view.getUint32(at) + 12) chunks.push(String.fromCharCode(...bytes.slice(at + 4, at + 8)));
  return { bytes, size: [view.getUint32(16), view.getUint32(20)], chunks };
}
