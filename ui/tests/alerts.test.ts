// The Alerts page: past alerts and pausing, in both themes and at every width.
import { describe, expect, test } from 'vitest';
import { hostCalls, withBrowser } from './browser';
import { expectFitsAndAccessible, focusedControl } from './layout-checks';

const open = withBrowser();

describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
  test.each(['unseen', 'empty'])('%s fits and is accessible, also during a pause', async (scenario) => {
    const { page } = await open({ tab: 'alerts', scenario, colorScheme });
    await page.getByTestId(scenario === 'empty' ? 'no-alerts' : 'alert').first().waitFor();
    await expectFitsAndAccessible(page, scenario);
    await page.getByTestId('pause-untilTomorrow').press('Enter');
    await page.getByTestId('resume-alerts').waitFor();
    await expectFitsAndAccessible(page, `${scenario}, paused`);
  });
});

test('older alerts are loaded with a button, and the focus moves to the first of them', async () => {
  const { page } = await open({ tab: 'alerts', scenario: 'manyAlerts' });
  await page.getByTestId('alert').first().waitFor();
  expect(await page.getByTestId('alert').count()).toBe(50);
  await page.getByTestId('more-alerts').press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=alert]').length === 70);
  expect(await page.getByTestId('more-alerts').count()).toBe(0);
  const place = await page.evaluate(() => [...document.querySelectorAll('.alert-item')].indexOf(document.activeElement as Element));
  expect(place, 'the first of the older alerts').toBe(50);
});

test('the bell counts unseen alerts until the page is shown', async () => {
  const { page } = await open({ scenario: 'unseen' });
  const bell = page.getByRole('tab', { name: 'Alerts, 3 unseen' });
  await expect.poll(() => page.getByTestId('tab-alerts-count').innerText()).toBe('3');
  await bell.click();
  await page.getByRole('tab', { name: 'Alerts', exact: true }).waitFor();
  expect((await hostCalls(page)).filter((call) => call === 'markAlertsSeen')).toHaveLength(1);
  await expect.poll(() => page.getByTestId('alerts-unavailable').innerText()).toContain('No notification service responds');
});

test('an alert shows its details and delivery, and opens its session', async () => {
  const { page } = await open({ tab: 'alerts' });
  const alert = page.getByTestId('alert').nth(1);
  await alert.waitFor();
  const shown = await alert.innerText();
  for (const expected of ['why is the build slow', 'cost $10.20', '13:07', 'threshold $10', 'shown']) expect(shown).toContain(expected);
  await alert.getByRole('button').press('Enter');
  await page.getByTestId('session-pane').getByText('why is the build slow').waitFor();
  expect(await page.locator('[role=tab][aria-selected=true]').getAttribute('id')).toBe('tab-sessions');
  await page.getByTestId('back').press('Enter');
  await page.waitForFunction(() => document.activeElement?.closest('[aria-posinset="3"]'));
});

test('alerts are paused and resumed with the keyboard', async () => {
  const { page } = await open({ tab: 'alerts', timezoneId: 'Asia/Tokyo' });
  await page.getByTestId('alert').first().waitFor();
  await page.getByTestId('pause-fifteenMinutes').focus();
  for (let press = 0; press < 2; press += 1) await page.keyboard.press('Tab');
  expect(await focusedControl(page)).toBe('pause-hour');
  await page.keyboard.press('Enter');
  await page.getByText('Paused until 14:38').waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute('data-testid') === 'resume-alerts');
  await page.keyboard.press('Enter');
  await page.getByText('Alerts are on.').waitFor({ state: 'attached' });
  await page.waitForFunction(() => document.activeElement?.getAttribute('data-testid') === 'pause-fifteenMinutes');
  expect((await hostCalls(page)).filter((call) => call.startsWith('pause'))).toEqual(['pauseAlerts hour', 'pauseAlerts off']);
});

test('alerts are in a card for each day, with an icon by their rule', async () => {
  const { page } = await open({ tab: 'alerts' });
  await page.getByTestId('alert').first().waitFor();
  expect(await page.locator('.alerts h2').allInnerTexts()).toEqual(['Today', 'Fri, Mar 13', 'Thu, Mar 12']);
  expect(await page.locator('.alerts .card--rows').evaluateAll((cards) => cards.map((card) => card.children.length))).toEqual([4, 1, 1]);
  const urgency = await page.locator('.alert-item__icon').evaluateAll((icons) => icons.map((icon) => icon.getAttribute('class')?.split('--')[1]));
  expect(urgency).toEqual(['warn', 'warn', 'high', 'calm', 'warn', 'over']);
});

test('without alerts a placeholder leads to the settings', async () => {
  const { page } = await open({ tab: 'alerts', scenario: 'empty' });
  await page.getByTestId('no-alerts').waitFor();
  await page.getByRole('button', { name: 'Choose alerts' }).press('Enter');
  await page.getByTestId('group-alerts').waitFor();
});
