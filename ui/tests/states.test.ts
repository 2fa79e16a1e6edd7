// The states without ordinary figures: each has a sentence, and one thing to do where there is one.
import { expect, test } from 'vitest';
import { findings } from './axe';
import { hostCalls, withBrowser } from './browser';

const open = withBrowser();

test('no logs: the folders looked at are named', async () => {
  const { page } = await open({ scenario: 'empty' });
  const face = page.getByTestId('empty-state');
  const said = await face.innerText();
  for (const words of ['No Claude Code logs yet', '/home/ada/.claude/projects', 'not there']) expect(said).toContain(words);
  await page.click('#tab-sessions');
  expect(await face.isVisible(), 'on either page').toBe(true);
});

test('importing: a bar moves, and the figures so far are there', async () => {
  const { page } = await open({ scenario: 'importing', beat: 100 });
  const bar = page.getByRole('progressbar', { name: 'Reading your logs' });
  const before = Number(await bar.getAttribute('aria-valuenow'));
  await page.waitForFunction((then) => Number(document.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow')) > then, before);
  expect(await page.getByTestId('import-progress').innerText()).toMatch(/\d+ of 400 files\s+\d+(\.\d)? MB of 812 MB/);
  expect(await page.getByTestId('today-total').isVisible()).toBe(true);
});

test('the first count: what this is and where it looks; then how long it will take', async () => {
  const { page } = await open({ scenario: 'first', beat: 100 });
  const said = await page.getByTestId('first-state').innerText();
  for (const words of ['Nothing leaves it', '/home/ada/.claude/projects', '128 logs']) expect(said).toContain(words);
  await page.getByTestId('time-left').waitFor();
  expect(await page.getByTestId('time-left').innerText()).toMatch(/about \d+ s left/);
  await page.click('#tab-settings');
  await page.getByTestId('group-folders').waitFor();
});

test('a problem is a banner with a hint', async () => {
  const { page } = await open({ scenario: 'problem' });
  const banner = page.getByRole('status').filter({ hasText: 'could not be read' });
  expect(await banner.innerText()).toContain('readable for you');
});

test('not running: one button starts it, and the figures come', async () => {
  const { page } = await open({ scenario: 'disconnected' });
  expect(await page.getByTestId('offline-state').innerText()).toContain('Token Monitor is not running');
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByTestId('today-total').waitFor();
  expect((await hostCalls(page)).filter((call) => call === 'start')).toHaveLength(1);
});

test('gone in the middle: the figures stay, with the time they are of', async () => {
  const { page } = await open({ beat: 200 });
  await page.evaluate(() => window.fixture?.connect(false));
  const banner = page.getByTestId('offline-banner');
  expect(await banner.innerText()).toMatch(/Token Monitor is not running\s+Figures as of 13:38\./);
  expect(await page.getByTestId('today-total').isVisible()).toBe(true);
  await page.locator('.frame.old').waitFor();
  expect(await findings(page), 'grey, and legible').toEqual([]);
  await page.evaluate(() => window.fixture?.connect(true));
  await banner.waitFor({ state: 'detached' });
});
