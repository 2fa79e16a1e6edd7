// The banner of a newer version.
import { expect, test } from 'vitest';
import { accessibilityViolations } from './accessibility';
import { hostCalls, withBrowser } from './browser';

const open = withBrowser();

test('a newer version is announced with its address until it is dismissed', async () => {
  const { page } = await open({ scenario: 'update', beat: 200 });
  const banner = page.getByTestId('update-banner');
  await expect.poll(() => banner.innerText()).toMatch(/Version 0\.2\.0 is available\.\s+https:\/\/releases\.example\/tag\/v0\.2\.0/);
  expect(await accessibilityViolations(page)).toEqual([]);
  await page.getByTestId('copy-address').click();
  await banner.getByText('Copied').waitFor();
  expect(await hostCalls(page)).toContain('copyText https://releases.example/tag/v0.2.0');
  await banner.getByTestId('dismiss-banner').click();
  await banner.waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.querySelector('[data-testid=today-total]') !== null);
  expect(await banner.count(), 'the next snapshot does not show it again').toBe(0);
});

test('without a newer version nothing is announced', async () => {
  const { page } = await open({ scenario: 'normal' });
  await page.getByTestId('today-total').waitFor();
  expect(await page.getByTestId('update-banner').count()).toBe(0);
});
