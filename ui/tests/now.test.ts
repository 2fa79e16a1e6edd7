// The Now page.
import { expect, test } from 'vitest';
import { hostCalls, withBrowser } from './browser';

const open = withBrowser();

test('today’s total is shown in full in every locale, with the raw number as an attribute', async () => {
  const { page } = await open({ locale: 'de-DE' });
  const total = page.getByTestId('today-total');
  expect(await total.textContent()).toBe('4,218,344');
  expect(await total.getAttribute('data-value')).toBe('4218344');
});

test('the block leads the page with the time left and the reset in the snapshot’s zone', async () => {
  const { page } = await open({ timezoneId: 'Asia/Tokyo' });
  expect(await page.getByTestId('block-left').textContent(), 'depends on the age of the page').toMatch(/^2h (9|10)m left$/);
  const sizes = await page.locator('.now *').evaluateAll((all) => all.map((element) => parseFloat(getComputedStyle(element).fontSize)));
  const lead = await page.getByTestId('block-left').evaluate((element) => parseFloat(getComputedStyle(element).fontSize));
  expect(Math.max(...sizes), 'nothing is larger').toBe(lead);
  const block = await page.locator('.current-block').innerText();
  expect(block).toContain('resets 15:48, estimated');
});

test('the ring shows the used share and names the limit', async () => {
  const { page } = await open();
  const ring = page.locator('.current-block [role=img]');
  expect(await ring.getAttribute('aria-label')).toBe('38% of your blocks’ P90, calm, estimated');
  expect(await page.locator('.limit-ring__text').textContent()).toBe('38%');
});

test('every share follows the snapshots', async () => {
  const { page } = await open({ scenario: 'subscription' });
  const shares = async () => [await page.locator('.limit-ring__text').innerText(), ...(await page.locator('.quota-window__share strong').allInnerTexts())];
  const before = await shares();
  expect(before.length, 'the ring, and the windows beneath it').toBeGreaterThan(1);
  await page.evaluate(() =>
    window.fixture?.changeSnapshot(({ blockUse, quota }) => ({
      blockUse: blockUse && { ...blockUse, usedPercent: blockUse.usedPercent + 11 },
      quota: quota.map((row) => ({ ...row, usedPercent: row.usedPercent + 11 })),
    })),
  );
  for (const [at, share] of before.entries()) await expect.poll(async () => (await shares())[at]).not.toBe(share);
});

test('the level of the burn rate is a word, not only a color', async () => {
  const { page } = await open({ scenario: 'huge' });
  expect(await page.getByTestId('burn-rate').textContent()).toBe('1,284,000 tok/min');
  expect(await page.getByTestId('burn-cost').textContent()).toBe('$1,204.50 an hour, API-equivalent');
  expect(await page.locator('.burn-level').innerText()).toBe('high');
  expect(await page.locator('.current-block').innerText()).toContain('UTC grid');
});

test('cost is API-equivalent', async () => {
  const { page } = await open({ scenario: 'huge' });
  expect(await page.getByTestId('today-cost').textContent()).toBe('$12,345.67, API-equivalent');
});

test('active sessions are listed, otherwise the last three', async () => {
  const { page } = await open();
  expect(await page.getByTestId('recent-session').count()).toBe(2);
  expect(await page.locator('#recent-heading').textContent()).toBe('Active');
  await page.goto(page.url().replace('normal', 'idle'));
  await page.getByTestId('recent-session').first().waitFor();
  expect(await page.getByTestId('recent-session').count()).toBe(3);
});

test('between blocks a hint is shown', async () => {
  const { page } = await open({ scenario: 'idle' });
  expect(await page.locator('.current-block').innerText()).toContain('The next five-hour block starts with your next message.');
  expect(await page.locator('.burn-level').innerText()).toBe('at rest');
  expect(await page.locator('#recent-heading').textContent()).toBe('Recent');
});

test('a hundred snapshots a second change the figure at most four times', async () => {
  const { page } = await open({ beat: 10 });
  const changes = await page.evaluate(async () => {
    const total = document.querySelector('[data-testid=today-total]');
    const seen: string[] = [];
    const watch = new MutationObserver(() => seen.push(total?.getAttribute('data-value') ?? ''));
    if (total) watch.observe(total, { attributeFilter: ['data-value'] });
    await new Promise((done) => setTimeout(done, 2_000));
    return new Set(seen).size;
  });
  expect(changes).toBeGreaterThan(2);
  expect(changes).toBeLessThanOrEqual(9);
});

test('nothing is animated with reduced motion', async () => {
  const { page } = await open({ beat: 50, reducedMotion: 'reduce' });
  const moving = await page.evaluate(async () => {
    let most = 0;
    const end = performance.now() + 1_000;
    while (performance.now() < end) {
      most = Math.max(most, document.getAnimations().length);
      await new Promise((frame) => requestAnimationFrame(frame));
    }
    return most;
  });
  expect(moving).toBe(0);
});

test('the first painted figures are reported once', async () => {
  const { page } = await open({ beat: 50 });
  await page.waitForFunction(() => window.fixture?.calls.includes('painted'));
  await page.waitForTimeout(300);
  expect((await hostCalls(page)).filter((call) => call === 'painted')).toHaveLength(1);
});

test('each token kind has a fill of its own', async () => {
  const { page } = await open();
  const fills = await page.locator('.kind-legend .swatch rect').evaluateAll((swatches) => swatches.map((swatch) => getComputedStyle(swatch).fill));
  expect(fills).toHaveLength(4);
  expect(new Set(fills).size).toBe(4);
});
