// The placeholders and banners.
import { expect, test } from 'vitest';
import { accessibilityViolations } from './accessibility';
import { hostCalls, withBrowser } from './browser';

const open = withBrowser();

test('without logs the checked folders are listed', async () => {
  const { page } = await open({ scenario: 'empty' });
  const placeholder = page.getByTestId('empty-state');
  const shown = await placeholder.innerText();
  for (const expected of ['No Claude Code logs yet', '/home/ada/.claude/projects', 'not found']) expect(shown).toContain(expected);
  await page.click('#tab-sessions');
  expect(await placeholder.isVisible(), 'on every page').toBe(true);
});

test('an import shows its progress and the usage so far', async () => {
  const { page } = await open({ scenario: 'importing', beat: 100 });
  const bar = page.getByRole('progressbar', { name: 'Reading your logs' });
  const before = Number(await bar.getAttribute('aria-valuenow'));
  await page.waitForFunction((then) => Number(document.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow')) > then, before);
  await expect.poll(() => page.getByTestId('import-progress').innerText()).toMatch(/\d+ of 400 files\s+\d+(\.\d)? MB of 812 MB/);
  expect(await page.getByTestId('today-total').isVisible()).toBe(true);
});

test('the first scan shows an introduction, the folders and the time left', async () => {
  const { page } = await open({ scenario: 'firstScan', beat: 100 });
  const shown = await page.getByTestId('first-state').innerText();
  for (const expected of ['Nothing leaves it', '/home/ada/.claude/projects', '128 logs']) expect(shown).toContain(expected);
  await page.getByTestId('time-left').waitFor();
  await expect.poll(() => page.getByTestId('time-left').innerText()).toMatch(/about \d+ s left/);
  await page.click('#tab-settings');
  await page.getByTestId('group-folders').waitFor();
});

test('a problem is shown as a banner with a hint', async () => {
  const { page } = await open({ scenario: 'problem' });
  const banner = page.getByRole('status').filter({ hasText: 'Cannot read' });
  await expect.poll(() => banner.innerText()).toContain('Grant read permission');
});

test('the offline placeholder starts the background process', async () => {
  const { page } = await open({ scenario: 'disconnected' });
  await expect.poll(() => page.getByTestId('offline-state').innerText()).toContain('Token Monitor is not running');
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByTestId('today-total').waitFor();
  expect((await hostCalls(page)).filter((call) => call === 'startDaemon')).toHaveLength(1);
});

test('after a disconnection the figures stay, with their time', async () => {
  const { page } = await open({ beat: 200 });
  await page.evaluate(() => window.fixture?.setConnected(false));
  const banner = page.getByTestId('offline-banner');
  await expect.poll(() => banner.innerText()).toMatch(/Not running\.\s+Figures as of 13:38\./);
  expect(await page.getByTestId('today-total').isVisible()).toBe(true);
  await page.locator('.app.is-stale').waitFor();
  expect(await accessibilityViolations(page), 'gray and legible').toEqual([]);
  await page.evaluate(() => window.fixture?.setConnected(true));
  await banner.waitFor({ state: 'detached' });
});
