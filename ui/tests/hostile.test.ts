// Hostile names, folders and models. The page is served with the app's policy, so scripts, requests and other
// violations are recorded.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { hostileTexts } from '../src/host/fixtures/scenarios';
import { groups } from '../src/pages/settings/setting-groups';
import { withBrowser } from './browser';
import { expectFits } from './layout-checks';

const open = withBrowser();

/** Invisible characters and direction changes, which must never be displayed. */
const forbidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/;

test('every hostile name stays text, in the details and in the form', async () => {
  const { page } = await open({ scenario: 'hostile', beat: 100 });
  await page.getByTestId('recent-session').first().waitFor();
  await page.click('#tab-sessions');
  for (let index = 0; index < hostileTexts.length; index += 1) {
    const row = page.locator(`[aria-posinset="${index + 1}"]`);
    expect(await row.innerText()).not.toMatch(forbidden);
    await row.locator('[data-control=open]').click();
    const pane = page.getByTestId('session-pane');
    await pane.getByTestId('models').waitFor();
    expect(await pane.innerText()).not.toMatch(forbidden);
    await pane.getByTestId('rename-button').click();
    expect(await pane.innerText()).not.toMatch(forbidden);
    await pane.getByTestId('rename-input').press('Escape');
    await page.getByTestId('back').click();
  }
  expect(await page.locator('img, script:not([src]), iframe, [onerror], [onload], a[href]').count()).toBe(0);
  expect(await page.title()).toBe('Token Monitor');
});

test('markup is shown as text', async () => {
  const { page } = await open({ scenario: 'hostile' });
  const first = page.getByTestId('recent-session').first().getByTestId('session-name');
  expect(await first.textContent()).toBe(hostileTexts[0]);
  expect(await first.evaluate((element) => element.tagName)).toBe('BDI');
});

const TABS = ['now', 'sessions', 'blocks', 'history', 'alerts', 'settings'];

/** Returns the visible text and all texts in attributes. */
function everyWord(page: Page): Promise<{ seen: string; beside: string[]; elements: number }> {
  return page.evaluate(() => ({
    seen: document.body.innerText,
    beside: [...document.querySelectorAll('[title], [aria-label], [placeholder], [aria-valuetext]')].flatMap((element) =>
      ['title', 'aria-label', 'placeholder', 'aria-valuetext'].map((name) => element.getAttribute(name) ?? ''),
    ),
    elements: document.querySelectorAll('img, script:not([src]), iframe, [onerror], [onload], a[href]').length,
  }));
}

test.each(TABS)('on %s, hostile texts stay text and are sanitized', async (tab) => {
  const { page } = await open({ scenario: 'hostile' });
  await page.click(`#tab-${tab}`);
  if (tab === 'settings') for (const group of groups) await page.getByTestId(`group-${group}`).locator('.setting-group__header').press('Enter');
  if (tab === 'blocks') await page.getByTestId('block-row').first().waitFor();
  if (tab === 'history') await page.getByTestId('history-part').first().waitFor();
  await page.waitForFunction((letters) => document.body.innerText.includes(letters) || document.querySelector(`[title*="onerror"]`), '<img src=x');
  const { seen, beside, elements } = await everyWord(page);
  expect(seen).not.toMatch(forbidden);
  for (const attribute of beside) {
    expect(attribute).not.toMatch(forbidden);
    expect(attribute.length, 'an endless name is cut').toBeLessThan(1_100);
  }
  expect(elements).toBe(0);
  expect(await page.title()).toBe('Token Monitor');
});

test('the page makes no further requests and has no inline styles', async () => {
  const { page } = await open({ beat: 100 });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.click('#tab-sessions');
  await page.waitForTimeout(500);
  expect(asked).toEqual([]);
  expect(await page.locator('style').count()).toBe(0);
});

test('a right click opens no context menu', async () => {
  const { page } = await open();
  const prevented = await page.evaluate(() => !document.body.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true })));
  expect(prevented).toBe(true);
});

test('texts of running sessions stay text', async () => {
  const { page } = await open({ scenario: 'hostileAgents' });
  const first = page.getByTestId('agent').first();
  await first.waitFor();
  const shown = await first.locator('bdi').evaluateAll((all) => all.map((element) => [element.textContent, element.childElementCount]));
  expect(shown).toEqual([
    [hostileTexts[0], 0],
    [`${hostileTexts[0]} for ${hostileTexts[1]}`, 0],
  ]);
  await expectFits(page, 'running sessions with hostile texts');
});
