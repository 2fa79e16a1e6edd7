// The page Alerts: what was told, what was kept back, and keeping it back; in both themes and at every width.
import { describe, expect, test } from 'vitest';
import { hostCalls, withBrowser } from './browser';
import { focused, looksRight } from './fit';

const open = withBrowser();

describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
  test.each(['unseen', 'empty'])('%s, with the lengths of a pause, fits and is accessible', async (scenario) => {
    const { page } = await open({ at: 'alerts', scenario, colorScheme });
    await page.getByTestId(scenario === 'empty' ? 'no-alerts' : 'alert').first().waitFor();
    await page.getByTestId('pause').press('Enter');
    await looksRight(page, scenario);
  });
});

test('older ones are shown on wish, the keyboard goes on with them, and at the end nothing more is offered', async () => {
  const { page } = await open({ at: 'alerts', scenario: 'manyAlerts' });
  await page.getByTestId('alert').first().waitFor();
  expect(await page.getByTestId('alert').count()).toBe(50);
  await page.getByTestId('more-alerts').press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=alert]').length === 70);
  expect(await page.getByTestId('more-alerts').count()).toBe(0);
  const place = await page.evaluate(() => [...document.querySelectorAll('.alert')].indexOf(document.activeElement as Element));
  expect(place, 'the first of the older ones').toBe(50);
});

test('the bell counts what nobody has seen, until somebody looks', async () => {
  const { page } = await open({ scenario: 'unseen' });
  const bell = page.getByRole('tab', { name: 'Alerts, 3 unseen' });
  expect(await page.getByTestId('tab-alerts-count').innerText()).toBe('3');
  await bell.click();
  await page.getByRole('tab', { name: 'Alerts', exact: true }).waitFor();
  expect((await hostCalls(page)).filter((call) => call === 'seeAlerts')).toHaveLength(1);
  expect(await page.getByTestId('alerts-unavailable').innerText()).toContain('No notification service answers');
});

test('an alert says what, when, why and what became of it, and leads to its session', async () => {
  const { page } = await open({ at: 'alerts' });
  const alert = page.getByTestId('alert').nth(1);
  await alert.waitFor();
  const said = await alert.innerText();
  for (const words of ['why is the build slow', 'cost $10.20', '31 min', 'threshold $10', 'shown']) expect(said).toContain(words);
  await alert.getByRole('button').press('Enter');
  const row = page.locator('[aria-posinset="3"]');
  await row.getByTestId('models').waitFor();
  expect(await page.locator('[role=tab][aria-selected=true]').getAttribute('id')).toBe('tab-sessions');
  await page.waitForFunction(() => document.activeElement?.closest('[aria-posinset="3"]'));
});

test('alerts are paused and come again, without a pointer', async () => {
  const { page } = await open({ at: 'alerts', timezoneId: 'Asia/Tokyo' });
  await page.getByTestId('alert').first().waitFor();
  await page.getByTestId('pause').focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('pause-hour').waitFor();
  await page.keyboard.press('Escape');
  expect(await page.getByTestId('pause-hour').count(), 'the first Escape closes the choice').toBe(0);
  expect(await hostCalls(page)).not.toContain('dismiss');
  await page.keyboard.press('Enter');
  for (let press = 0; press < 3; press += 1) await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('pause-hour');
  await page.keyboard.press('Enter');
  await page.getByText('Paused until 14:38').waitFor();
  expect(await focused(page)).toBe('pause');
  await page.keyboard.press('Enter');
  await page.getByText('Alerts come as they happen.').waitFor();
  expect((await hostCalls(page)).filter((call) => call.startsWith('pause'))).toEqual(['pauseAlerts hour', 'pauseAlerts off']);
});

test('a page nobody has yet is told apart from one with nothing on it', async () => {
  const { page } = await open({ at: 'alerts', scenario: 'empty' });
  await page.getByTestId('no-alerts').waitFor();
  await page.getByRole('button', { name: 'Choose alerts' }).press('Enter');
  await page.getByTestId('group-alerts').waitFor();
});
