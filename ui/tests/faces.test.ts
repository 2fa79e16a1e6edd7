// Every page in every situation, light and dark and with more contrast, from the narrowest window to the widest:
// nothing sticks out, nothing is cut, and nothing is wrong for those who do not see it.
// A situation is opened once; sizes and themes change under it, as they do for a person who drags a corner at dusk.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { findings } from './axe';
import { POPOVER, withBrowser } from './browser';
import { stickingOut, WIDTHS } from './fit';

const open = withBrowser();

type Tab = 'now' | 'sessions' | 'blocks' | 'history';
const tabs: readonly Tab[] = ['now', 'sessions', 'blocks', 'history'];

/** Each situation, and the pages it changes: what it leaves as it was is looked at in `normal`. */
const situations: readonly [scenario: string, tabs: readonly Tab[]][] = [
  ...['normal', 'hostile', 'longNames', 'unpriced', 'problem'].map((scenario): [string, readonly Tab[]] => [scenario, tabs]),
  ...['huge', 'official', 'stale', 'estimated', 'unlimited', 'over', 'importing'].map((scenario): [string, Tab[]] => [scenario, ['now']]),
  ...['idle', 'underLogged', 'empty', 'disconnected'].map((scenario): [string, Tab[]] => [scenario, ['now', 'sessions']]),
  ...['newcomer', 'unreadable', 'many'].map((scenario): [string, Tab[]] => [scenario, ['blocks', 'history']]),
];
/** Charts measure their room when it changes, and are drawn in the frame after. */
function drawn(page: Page): Promise<void> {
  return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));
}

async function fits(page: Page, what: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: POPOVER.height });
    await drawn(page);
    expect(await stickingOut(page), `${what} at ${width} px`).toEqual([]);
  }
  await page.setViewportSize(POPOVER);
}

/** By all rules in one theme, and in the other by those that colours can break. */
async function isAccessible(page: Page, what: string): Promise<void> {
  expect(await findings(page), what).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForFunction(() => document.documentElement.dataset['scheme'] === 'dark');
  expect(await findings(page, ['color-contrast']), `${what}, dark`).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.waitForFunction(() => document.documentElement.dataset['scheme'] === 'light');
}

/** Shows a page as far as it has something to show in this situation. */
async function show(page: Page, tab: Tab): Promise<void> {
  await page.click(`#tab-${tab}`);
  if (tab === 'sessions' && (await page.locator('.sessions').count()) > 0) {
    await page.getByTestId('session-row').first().locator('.row-open').click();
    await page.getByTestId('models').waitFor();
  }
  const past = '[data-testid=block-row], [data-testid=heatmap], .page-note:not([role=status]), .face';
  if (tab === 'blocks' || tab === 'history') await page.locator(past).first().waitFor();
}

/** Four pages at three widths, looked at by every rule there is: long on a busy machine. */
const LONG = 180_000;

test.each(situations)('%s fits and is accessible', { timeout: LONG }, async (scenario, changed) => {
  const { page, mishaps } = await open({ scenario });
  for (const tab of changed) {
    await show(page, tab);
    await fits(page, `${scenario}, ${tab}`);
    await isAccessible(page, `${scenario}, ${tab}`);
  }
  expect(mishaps).toEqual([]);
  await page.context().close();
});

test('colours forced by the system and more contrast leave everything in place', { timeout: LONG }, async () => {
  const { page } = await open();
  for (const tab of tabs) {
    await show(page, tab);
    for (const media of [{ forcedColors: 'active' }, { forcedColors: 'none', contrast: 'more' }, { contrast: 'more', colorScheme: 'dark' }] as const) {
      await page.emulateMedia(media);
      await drawn(page);
      await fits(page, `${tab}, ${JSON.stringify(media)}`);
      expect(await findings(page, ['color-contrast']), `${tab}, ${JSON.stringify(media)}`).toEqual([]);
    }
    await page.emulateMedia({ forcedColors: 'none', contrast: 'no-preference', colorScheme: 'light' });
  }
  await page.context().close();
});

test('from right to left nothing sticks out either', { timeout: LONG }, async () => {
  const { page, mishaps } = await open({ locale: 'ar-EG' });
  await page.evaluate(() => void (document.documentElement.dir = 'rtl'));
  for (const tab of tabs) {
    await show(page, tab);
    await fits(page, `${tab}, rtl`);
  }
  expect(mishaps).toEqual([]);
  await page.context().close();
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
  await page.context().close();
});
