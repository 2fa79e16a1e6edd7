// Every page in every situation, light and dark and with more contrast, from the narrowest window to the widest:
// nothing sticks out, nothing is cut, no words lie on others, and nothing is wrong for those who do not see it.
// A situation is opened once; sizes and themes change under it, as they do for a person who drags a corner at dusk.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { groups } from '../src/settings/groups';
import { findings } from './axe';
import { withBrowser } from './browser';
import { drawn, fits, inScheme, looksRight } from './fit';

const open = withBrowser();

type Tab = 'now' | 'sessions' | 'blocks' | 'history' | 'alerts' | 'settings';
const figures: readonly Tab[] = ['now', 'sessions', 'blocks', 'history'];
const tabs: readonly Tab[] = [...figures, 'alerts', 'settings'];

/** Each situation, and the pages it changes: what it leaves as it was is looked at in `normal`. */
const situations: readonly [scenario: string, tabs: readonly Tab[]][] = [
  ...['longNames', 'unpriced', 'problem'].map((scenario): [string, readonly Tab[]] => [scenario, figures]),
  ...['huge', 'official', 'subscription', 'stale', 'estimated', 'unlimited', 'over', 'importing'].map((scenario): [string, Tab[]] => [scenario, ['now']]),
  ...['idle', 'underLogged', 'empty', 'disconnected'].map((scenario): [string, Tab[]] => [scenario, ['now', 'sessions']]),
  ...['newcomer', 'unreadable', 'many'].map((scenario): [string, Tab[]] => [scenario, ['blocks', 'history']]),
  ['empty', ['alerts', 'settings']],
];

/** By all rules in one theme, and in the other by those that colours can break. */
async function isAccessible(page: Page, what: string): Promise<void> {
  expect(await findings(page), what).toEqual([]);
  await inScheme(page, 'dark');
  expect(await findings(page, ['color-contrast']), `${what}, dark`).toEqual([]);
  await inScheme(page, 'light');
}

/** Shows a page as far as it has something to show in this situation: a session is opened, and all settings. */
async function show(page: Page, tab: Tab): Promise<void> {
  await page.click(`#tab-${tab}`);
  if (tab === 'sessions' && (await page.locator('.sessions').count()) > 0) {
    await page.getByTestId('session-row').first().locator('.row-open').click();
    await page.getByTestId('models').waitFor();
  }
  const past = '[data-testid=block-row], [data-testid=heatmap], .page-note:not([role=status]), .face';
  if (tab === 'blocks' || tab === 'history') await page.locator(past).first().waitFor();
  if (tab === 'alerts') await page.locator('[data-testid=alert], .face').first().waitFor();
  if (tab === 'settings') await page.getByTestId('group-look').waitFor();
}

async function openGroups(page: Page): Promise<void> {
  for (const group of groups) await page.getByTestId(`group-${group}`).locator('.group-head').press('Enter');
  await page.getByTestId('statusline').waitFor();
}

/** Six pages at three widths in two themes, looked at by every rule there is: long on a busy machine. */
const LONG = 180_000;

test.each(['unseen', 'hostile'])('%s: every page in both themes at every width, by all rules', { timeout: LONG }, async (scenario) => {
  const { page } = await open({ scenario });
  for (const tab of tabs) {
    await show(page, tab);
    for (const scheme of ['light', 'dark'] as const) {
      await inScheme(page, scheme);
      await looksRight(page, `${scenario}, ${tab}, ${scheme}`);
    }
  }
  await openGroups(page);
  for (const scheme of ['light', 'dark'] as const) {
    await inScheme(page, scheme);
    await looksRight(page, `${scenario}, all settings, ${scheme}`);
  }
});

test.each(situations)('%s fits and is accessible', { timeout: LONG }, async (scenario, changed) => {
  const { page } = await open({ scenario });
  for (const tab of changed) {
    await show(page, tab);
    await fits(page, `${scenario}, ${tab}`);
    await isAccessible(page, `${scenario}, ${tab}`);
  }
});

test('colours forced by the system and more contrast leave everything in place', { timeout: LONG }, async () => {
  const { page } = await open();
  for (const tab of tabs) {
    await show(page, tab);
    if (tab === 'settings') await openGroups(page);
    for (const media of [{ forcedColors: 'active' }, { forcedColors: 'none', contrast: 'more' }, { contrast: 'more', colorScheme: 'dark' }] as const) {
      await page.emulateMedia(media);
      await drawn(page);
      await fits(page, `${tab}, ${JSON.stringify(media)}`);
      expect(await findings(page, ['color-contrast']), `${tab}, ${JSON.stringify(media)}`).toEqual([]);
    }
    await page.emulateMedia({ forcedColors: 'none', contrast: 'no-preference', colorScheme: 'light' });
  }
});

test('from right to left everything fits, too', { timeout: LONG }, async () => {
  const { page } = await open({ locale: 'ar-EG' });
  await page.evaluate(() => void (document.documentElement.dir = 'rtl'));
  for (const tab of tabs) {
    await show(page, tab);
    if (tab === 'settings') await openGroups(page);
    await fits(page, `${tab}, rtl`);
  }
});

test('a row opened for renaming fits the narrowest window', async () => {
  const { page } = await open();
  await page.click('#tab-sessions');
  await page.locator('[data-testid=rename-button]').nth(1).click();
  await page.locator('[data-testid=rename-input]').fill('fix login flow');
  await page.locator('[data-testid=rename-input]').press('Enter');
  await page.locator('[data-testid=rename-error]').waitFor();
  await fits(page, 'a refused name');
  await isAccessible(page, 'a refused name');
});
