// Ten thousand sessions: few rows in the document, pages loaded as they scroll into view, and search.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { hostCalls, withBrowser } from './browser';

const open = withBrowser();

/** The rows on screen, the rows around it, the row being edited and the tab stop. */
const MOST_ROWS = 40;

async function atSessions(scenario: string, beat = 0): Promise<Page> {
  const { page } = await open({ scenario, beat });
  await page.click('#tab-sessions');
  await page.getByTestId('session-row').first().waitFor();
  return page;
}

test('the document holds a screen of rows at every scroll position', async () => {
  const page = await atSessions('many');
  for (const share of [0.1, 0.5, 0.9, 1, 0]) {
    await page.evaluate((to) => {
      const scroller = document.querySelector('.session-list');
      if (scroller) scroller.scrollTop = scroller.scrollHeight * to;
    }, share);
    await page.waitForFunction((to) => {
      const places = [...document.querySelectorAll('[aria-posinset]')].map((row) => Number(row.getAttribute('aria-posinset')));
      return places.some((place) => Math.abs(place - Math.max(1, to * 10_000)) < 30);
    }, share);
    expect(await page.getByTestId('session-row').count()).toBeLessThanOrEqual(MOST_ROWS);
  }
  expect(await page.locator('[aria-setsize="10000"]').count()).toBeGreaterThan(0);
});

test('only the pages in view are fetched', async () => {
  const page = await atSessions('many');
  await page.evaluate(() => void ((document.querySelector('.session-list') as HTMLElement).scrollTop = 48 * 5_050));
  await page.locator('[aria-posinset="5055"]').waitFor();
  const fetched = (await hostCalls(page)).filter((call) => call.startsWith('sessions'));
  // The second call counts the sessions that are not listed.
  expect(fetched).toEqual(['sessions 0', 'sessions 0', 'sessions 5000']);
});

test('scrolling creates only the rows that come into view', async () => {
  const page = await atSessions('many');
  const most = await page.evaluate(async () => {
    const scroller = document.querySelector('.session-list') as HTMLElement;
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    let [made, most] = [0, 0];
    const isRow = (node: Node) => node instanceof Element && node.matches('.session-row');
    const watch = new MutationObserver((changes) => (made += changes.flatMap((change) => [...change.addedNodes]).filter(isRow).length));
    watch.observe(scroller, { subtree: true, childList: true });
    for (let step = 0; step < 40; step += 1) {
      scroller.scrollTop += 96;
      await frame();
      await frame();
      most = Math.max(most, made);
      made = 0;
    }
    return most;
  });
  expect(most, 'two rows').toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(4);
});

test('an edit form moves the rows below it down by its height', async () => {
  const page = await atSessions('normal');
  const third = page.locator('[aria-posinset="3"]');
  const before = (await third.boundingBox())?.y ?? 0;
  await page.locator('[aria-posinset="2"] [data-control=edit]').click();
  await page.locator('.session-row__panel').waitFor();
  const panel = (await page.locator('.session-row__panel').boundingBox())?.height ?? 0;
  await page.waitForFunction((least) => (document.querySelector('[aria-posinset="3"]')?.getBoundingClientRect().y ?? 0) > least, before + panel - 2);
});

test('search queries the host and shows the number of matches', async () => {
  const page = await atSessions('many');
  await page.getByRole('searchbox', { name: 'Search sessions' }).fill('login flow 97');
  await page.waitForFunction(() => document.querySelector('[data-testid=session-count]')?.textContent === '14 sessions match');
  expect(await page.getByTestId('session-name').first().textContent()).toContain('login flow 97');
  await page.getByRole('searchbox').fill('no such thing');
  await page.getByText('No session matches.').waitFor();
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.querySelector('[data-testid=session-count]')?.textContent === '10,000 sessions');
  expect(await hostCalls(page), 'the first Escape only clears the search').not.toContain('dismiss');
});

test('the list is refetched during updates, but not at every beat', async () => {
  const page = await atSessions('normal', 50);
  await page.waitForTimeout(4_500);
  const reads = (await hostCalls(page)).filter((call) => call.startsWith('sessions')).length;
  expect(reads).toBeGreaterThan(1);
  expect(reads, 'one of them counts the sessions that are not listed').toBeLessThanOrEqual(5);
});
