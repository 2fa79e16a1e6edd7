// What the app tells of a desktop without tray icons, where it has to be a window of its own.
import { expect, test } from 'vitest';
import { withBrowser } from './browser';
import { focused, inScheme, looksRight } from './fit';

const open = withBrowser();

test('a window of its own says why it is one, on every page, and what to do', async () => {
  const { page } = await open({ scenario: 'noTray' });
  const line = page.getByTestId('no-tray');
  await line.waitFor();
  const said = await line.innerText();
  for (const words of ['shows no tray icons', 'On GNOME', 'AppIndicator and KStatusNotifierItem Support', 'appears by itself']) expect(said).toContain(words);
  for (const tab of ['sessions', 'blocks', 'history', 'alerts', 'settings']) {
    await page.click(`#tab-${tab}`);
    expect(await line.isVisible(), tab).toBe(true);
  }
});

test('the line fits and is accessible in both themes', async () => {
  const { page } = await open({ scenario: 'noTray' });
  await page.getByTestId('no-tray').waitFor();
  for (const scheme of ['light', 'dark'] as const) {
    await inScheme(page, scheme);
    await looksRight(page, `no tray, ${scheme}`);
  }
});

test('it is put away without a pointer, for this opening, and the keyboard goes on with the page', async () => {
  const { page } = await open({ scenario: 'noTray' });
  await page.getByTestId('no-tray').waitFor();
  for (const expected of ['tab-now', 'put-away']) {
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe(expected);
  }
  await page.keyboard.press('Enter');
  expect(await page.getByTestId('no-tray').count()).toBe(0);
  expect(await focused(page)).toBe('panel-now');
  await page.click('#tab-history');
  expect(await page.getByTestId('no-tray').count()).toBe(0);
});

test('beside its icon nothing of it is said', async () => {
  const { page } = await open();
  await page.waitForFunction(() => window.fixture?.calls.includes('frame'));
  expect(await page.getByTestId('no-tray').count()).toBe(0);
});
