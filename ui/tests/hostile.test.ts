// Names, folders and models that try to be more than text. The page is served with the app's own policy,
// so a script that ran, a request that left or a rule that was broken is on record.
import { expect, test } from 'vitest';
import { hostileTexts } from '../src/host/scenarios';
import { withBrowser } from './browser';

const open = withBrowser();

/** Invisible characters and direction changes, none of which may reach the screen. */
const forbidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/;

test('every hostile name stays text, on both pages, opened and being renamed', async () => {
  const { page } = await open({ scenario: 'hostile', beat: 100 });
  await page.getByTestId('recent-session').first().waitFor();
  await page.click('#tab-sessions');
  for (let index = 0; index < hostileTexts.length; index += 1) {
    const row = page.locator(`[aria-posinset="${index + 1}"]`);
    await row.locator('[data-control=open]').click();
    await row.getByTestId('rename-button').click();
    await row.locator('.detail').waitFor();
    expect(await row.innerText()).not.toMatch(forbidden);
    await row.getByTestId('rename-input').press('Escape');
    await row.locator('[data-control=open]').click();
  }
  expect(await page.locator('img, script:not([src]), iframe, [onerror], [onload], a[href]').count()).toBe(0);
  expect(await page.title()).toBe('Token Monitor');
});

test('markup is shown letter by letter', async () => {
  const { page } = await open({ scenario: 'hostile' });
  const first = page.getByTestId('recent-session').first().getByTestId('session-name');
  expect(await first.textContent()).toBe(hostileTexts[0]);
  expect(await first.evaluate((element) => element.tagName)).toBe('BDI');
});

test('titles and labels are as clean as the text', async () => {
  const { page } = await open({ scenario: 'hostile' });
  await page.click('#tab-sessions');
  await page.getByTestId('session-row').first().waitFor();
  const spoken = await page.evaluate(() =>
    [...document.querySelectorAll('[title], [aria-label], [placeholder]')].flatMap((element) =>
      ['title', 'aria-label', 'placeholder'].map((name) => element.getAttribute(name) ?? ''),
    ),
  );
  for (const words of spoken) {
    expect(words).not.toMatch(forbidden);
    expect(words.length, 'an endless name is cut').toBeLessThan(1_100);
  }
});

test('the page asks the network for nothing but itself, and uses no style in its markup', async () => {
  const { page } = await open({ beat: 100 });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.click('#tab-sessions');
  await page.waitForTimeout(500);
  expect(asked).toEqual([]);
  expect(await page.locator('style').count()).toBe(0);
});

test('a right click opens no window of the system', async () => {
  const { page } = await open();
  const prevented = await page.evaluate(() => !document.body.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true })));
  expect(prevented).toBe(true);
});
