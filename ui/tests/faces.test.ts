// Every page in every situation, light and dark, from the narrowest window to the widest:
// nothing sticks out, nothing is cut, and nothing is wrong for those who do not see it.
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { findings } from './axe';
import { POPOVER, withBrowser } from './browser';

const open = withBrowser();
const states = ['normal', 'huge', 'hostile', 'importing', 'problem', 'idle', 'empty', 'disconnected'];
const limits = ['official', 'stale', 'estimated', 'unlimited', 'over', 'unpriced', 'underLogged', 'longNames'];
const situations = [...states, ...limits];
const widths = [320, 380, 760];

/** Elements that reach out of the window sideways, by their class. */
function stickingOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wide = [...document.querySelectorAll('body *')].filter((element) => {
      const box = element.getBoundingClientRect();
      const shown = box.width > 1 && !element.closest('[hidden], .textures');
      // What an ellipsis cuts on purpose lies in a box that does not stick out itself.
      return shown && (box.right > innerWidth + 1 || box.left < -1) && !element.closest('bdi');
    });
    const scrolls = document.documentElement.scrollWidth > innerWidth ? ['the document'] : [];
    return [...scrolls, ...wide.map((element) => `${element.tagName} ${element.getAttribute('class') ?? ''}`)];
  });
}

async function openFirstRow(page: Page): Promise<void> {
  const row = page.locator('[data-testid=session-row]').first();
  if ((await page.locator('.sessions').count()) === 0) return;
  await row.locator('.row-open').click();
  await page.getByTestId('models').waitFor();
}

async function looksRight(page: Page, what: string): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: POPOVER.height });
    expect(await stickingOut(page), `${what} at ${width} px`).toEqual([]);
  }
  await page.setViewportSize(POPOVER);
  expect(await findings(page), what).toEqual([]);
}

describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
  test.each(situations)('%s fits and is accessible on both pages', async (scenario) => {
    const { page, mishaps } = await open({ scenario, colorScheme });
    await looksRight(page, `${scenario}, Now`);
    await page.click('#tab-sessions');
    await openFirstRow(page);
    await looksRight(page, `${scenario}, Sessions`);
    expect(mishaps).toEqual([]);
    await page.context().close();
  });
});

test('colours forced by the system and more contrast leave everything in place', async () => {
  for (const wish of [{ forcedColors: 'active' }, { contrast: 'more' }, { contrast: 'more', colorScheme: 'dark' }] as const) {
    const { page } = await open(wish);
    await looksRight(page, JSON.stringify(wish));
    await page.context().close();
  }
});

test('a row opened for renaming fits the narrowest window', async () => {
  const { page } = await open();
  await page.click('#tab-sessions');
  // The second session has no name of its own, and a blank one is refused.
  await page.locator('[data-testid=rename-button]').nth(1).click();
  await page.locator('[data-testid=rename-input]').press('Enter');
  await page.locator('[data-testid=rename-error]').waitFor();
  await looksRight(page, 'a refused name');
  await page.context().close();
});
