// Sample data: offered where there is nothing yet, marked on every page, and left by a button.
import { expect, test } from 'vitest';
import { accessibilityViolations } from './accessibility';
import { hostCalls, POPOVER, withBrowser } from './browser';
import { expectFits } from './layout-checks';

const open = withBrowser();

const TABS = ['now', 'sessions', 'blocks', 'history', 'alerts', 'settings'];

test('without logs one can look around, and every page is marked', async () => {
  const { page } = await open({ scenario: 'empty' });
  await page.getByTestId('look-around').click();
  const bar = page.getByTestId('demo-bar');
  await bar.waitFor();
  for (const tab of TABS) {
    await page.click(`#tab-${tab}`);
    await expect.poll(() => bar.innerText(), { message: tab }).toMatch(/Sample data\s+These figures are made up\./);
  }
  expect(await accessibilityViolations(page)).toEqual([]);
  await page.setViewportSize({ ...POPOVER, width: 320 });
  await expectFits(page, 'the mark at the least width');
});

test('nothing of the system can be changed from sample data', async () => {
  const { page } = await open({ scenario: 'empty', tab: 'settings' });
  await page.getByTestId('autostart').waitFor();
  await page.click('#tab-now');
  await page.getByTestId('look-around').click();
  await page.click('#tab-settings');
  await page.getByTestId('group-appearance').waitFor();
  expect(await page.getByTestId('autostart').count()).toBe(0);
  expect(await page.getByTestId('statusline').count()).toBe(0);
  await page.getByTestId('setting-search').fill('start at login');
  await page.getByText('No setting matches.').waitFor();
});

test('leaving shows the own data again, and reads nothing from before', async () => {
  const { page } = await open({ scenario: 'empty' });
  await page.getByTestId('look-around').click();
  await page.getByTestId('today-total').waitFor();
  await page.click('#tab-sessions');
  await page.getByTestId('leave-demo').click();
  await page.getByTestId('demo-bar').waitFor({ state: 'detached' });
  await page.getByText('No sessions yet.').waitFor();
  expect((await hostCalls(page)).filter((call) => call.endsWith('Demo'))).toEqual(['startDemo', 'leaveDemo']);
});

test('the first step shows the status line before it is turned on, and what happens next', async () => {
  const { page } = await open({ scenario: 'empty' });
  const steps = page.getByRole('list', { name: 'First steps' });
  await expect.poll(() => steps.innerText()).toContain('Opus 5.5 · block 38% used official, 2h 10m left');
  await steps.getByTestId('statusline').click();
  await steps.getByTestId('status-line-next').filter({ hasText: 'With a Claude plan, the limits appear with Claude Code’s next answer.' }).waitFor();
});
