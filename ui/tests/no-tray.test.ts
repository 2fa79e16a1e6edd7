// The banner for desktops without tray icons.
import { expect, test } from 'vitest';
import { withBrowser } from './browser';
import { expectFitsAndAccessible, focusedControl, setColorScheme } from './layout-checks';

const open = withBrowser();

test('the banner explains the window on every page', async () => {
  const { page } = await open({ scenario: 'noTray' });
  const banner = page.getByTestId('no-tray');
  await banner.waitFor();
  const shown = await banner.innerText();
  for (const expected of ['shows no tray icons', 'On GNOME', 'AppIndicator and KStatusNotifierItem Support', 'appears automatically', 'A session without D-Bus cannot show one']) expect(shown).toContain(expected);
  for (const tab of ['sessions', 'blocks', 'history', 'alerts', 'settings']) {
    await page.click(`#tab-${tab}`);
    expect(await banner.isVisible(), tab).toBe(true);
  }
});

test('the banner fits and is accessible in both themes', { timeout: 90_000 }, async () => {
  const { page } = await open({ scenario: 'noTray' });
  await page.getByTestId('no-tray').waitFor();
  for (const scheme of ['light', 'dark'] as const) {
    await setColorScheme(page, scheme);
    await expectFitsAndAccessible(page, `no tray, ${scheme}`);
  }
});

test('the banner is dismissed with the keyboard, and the focus moves to the page', async () => {
  const { page } = await open({ scenario: 'noTray' });
  await page.getByTestId('no-tray').waitFor();
  for (const expected of ['tab-now', 'more-menu', 'banner-more', 'dismiss-no-tray']) {
    await page.keyboard.press('Tab');
    expect(await focusedControl(page)).toBe(expected);
  }
  await page.keyboard.press('Enter');
  expect(await page.getByTestId('no-tray').count()).toBe(0);
  expect(await focusedControl(page)).toBe('panel-now');
  await page.click('#tab-history');
  expect(await page.getByTestId('no-tray').count()).toBe(0);
});

test('a popover beside its icon has no banner', async () => {
  const { page } = await open();
  await page.waitForFunction(() => window.fixture?.calls.includes('frame'));
  expect(await page.getByTestId('no-tray').count()).toBe(0);
});
