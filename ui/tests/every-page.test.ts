// Every page in every scenario, in all themes and at every width: nothing overflows, is cut off or overlaps, and
// nothing is inaccessible. A scenario is opened once; size and theme change at runtime, as they do for a user.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { groups } from '../src/pages/settings/setting-groups';
import { accessibilityViolations } from './accessibility';
import { withBrowser } from './browser';
import { expectFits, expectFitsAndAccessible, setColorScheme, waitForLayout } from './layout-checks';

const open = withBrowser();

type Tab = 'now' | 'sessions' | 'blocks' | 'history' | 'alerts' | 'settings';
const figures: readonly Tab[] = ['now', 'sessions', 'blocks', 'history'];
const tabs: readonly Tab[] = [...figures, 'alerts', 'settings'];

/** The scenarios and the pages they change; unchanged pages are tested in `normal`. */
const situations: readonly [scenario: string, tabs: readonly Tab[]][] = [
  ...['longNames', 'unpriced', 'problem'].map((scenario): [string, readonly Tab[]] => [scenario, figures]),
  ...['huge', 'official', 'subscription', 'stale', 'estimated', 'unlimited', 'over', 'importing'].map((scenario): [string, Tab[]] => [scenario, ['now']]),
  ...['idle', 'underLogged', 'empty', 'disconnected'].map((scenario): [string, Tab[]] => [scenario, ['now', 'sessions']]),
  ...['newcomer', 'unreadable', 'many'].map((scenario): [string, Tab[]] => [scenario, ['blocks', 'history']]),
  ['agents', ['now', 'sessions']],
  ['empty', ['alerts', 'settings']],
];

/** Checks all rules in the light theme, and color contrast in the dark one. */
async function isAccessible(page: Page, what: string): Promise<void> {
  expect(await accessibilityViolations(page), what).toEqual([]);
  await setColorScheme(page, 'dark');
  expect(await accessibilityViolations(page, ['color-contrast']), `${what}, dark`).toEqual([]);
  await setColorScheme(page, 'light');
}

/** Shows a page with its content: an expanded session, a loaded chart. */
async function show(page: Page, tab: Tab): Promise<void> {
  await page.click(`#tab-${tab}`);
  if (tab === 'sessions' && (await page.locator('.sessions').count()) > 0) {
    await page.getByTestId('session-row').first().locator('.session-row__toggle').click();
    await page.getByTestId('models').waitFor();
  }
  const past = '[data-testid=block-row], [data-testid=heatmap], .status-note:not([role=status]), .placeholder';
  if (tab === 'blocks' || tab === 'history') await page.locator(past).first().waitFor();
  if (tab === 'alerts') await page.locator('[data-testid=alert], .placeholder').first().waitFor();
  if (tab === 'settings') await page.getByTestId('group-appearance').waitFor();
}

async function openGroups(page: Page): Promise<void> {
  for (const group of groups) await page.getByTestId(`group-${group}`).locator('.setting-group__header').press('Enter');
  await page.getByTestId('statusline').waitFor();
}

/** The timeout for six pages at three widths in two themes with all rules, on a busy machine. */
const LONG = 180_000;

test.each(['unseen', 'hostile'])('%s: every page fits and is accessible in both themes', { timeout: LONG }, async (scenario) => {
  const { page } = await open({ scenario });
  for (const tab of tabs) {
    await show(page, tab);
    for (const scheme of ['light', 'dark'] as const) {
      await setColorScheme(page, scheme);
      await expectFitsAndAccessible(page, `${scenario}, ${tab}, ${scheme}`);
    }
  }
  await openGroups(page);
  for (const scheme of ['light', 'dark'] as const) {
    await setColorScheme(page, scheme);
    await expectFitsAndAccessible(page, `${scenario}, all settings, ${scheme}`);
  }
});

test.each(situations)('%s fits and is accessible', { timeout: LONG }, async (scenario, changed) => {
  const { page } = await open({ scenario });
  for (const tab of changed) {
    await show(page, tab);
    await expectFits(page, `${scenario}, ${tab}`);
    await isAccessible(page, `${scenario}, ${tab}`);
  }
});

test.each(['normal', 'agents'])('%s: forced colors and high contrast do not break the layout, and nothing is inaccessible', { timeout: LONG }, async (scenario) => {
  const { page } = await open({ scenario });
  for (const tab of tabs) {
    await show(page, tab);
    if (tab === 'settings') await openGroups(page);
    for (const media of [{ forcedColors: 'active' }, { forcedColors: 'none', contrast: 'more' }, { contrast: 'more', colorScheme: 'dark' }] as const) {
      await page.emulateMedia(media);
      await waitForLayout(page);
      await expectFits(page, `${tab}, ${JSON.stringify(media)}`);
      expect(await accessibilityViolations(page), `${tab}, ${JSON.stringify(media)}`).toEqual([]);
    }
    await page.emulateMedia({ forcedColors: 'none', contrast: 'no-preference', colorScheme: 'light' });
  }
});

test.each(['normal', 'agents'])('%s: right-to-left pages fit and are accessible', { timeout: LONG }, async (scenario) => {
  const { page } = await open({ scenario, locale: 'ar-EG' });
  await page.evaluate(() => void (document.documentElement.dir = 'rtl'));
  for (const tab of tabs) {
    await show(page, tab);
    if (tab === 'settings') await openGroups(page);
    await expectFits(page, `${tab}, rtl`);
    expect(await accessibilityViolations(page), `${tab}, rtl`).toEqual([]);
  }
});

test('a row with a refused name fits the narrowest window', async () => {
  const { page } = await open();
  await page.click('#tab-sessions');
  await page.locator('[data-testid=rename-button]').nth(1).click();
  await page.locator('[data-testid=rename-input]').fill('fix login flow');
  await page.locator('[data-testid=rename-input]').press('Enter');
  await page.locator('[data-testid=rename-error]').waitFor();
  await expectFits(page, 'a refused name');
  await isAccessible(page, 'a refused name');
});
