// The Now page.
import { expect, test } from 'vitest';
import { hostCalls, withBrowser } from './browser';

const open = withBrowser();

test('today’s total is the same in every locale, with the raw number as an attribute and all digits in the title', async () => {
  const { page } = await open({ locale: 'de-DE' });
  const total = page.getByTestId('today-total');
  expect(await total.textContent()).toBe('4.22M');
  expect(await total.getAttribute('data-value')).toBe('4218344');
  expect(await page.getByTitle('4,218,344 tokens').count()).toBe(1);
});

test('an official block leads the page with the time left and the reset in the snapshot’s zone', async () => {
  const { page } = await open({ scenario: 'subscription', timezoneId: 'Asia/Tokyo' });
  expect(await page.getByTestId('block-left').textContent(), 'depends on the age of the page').toMatch(/^2h (9|10)m left, official$/);
  const block = await page.locator('.current-block').innerText();
  expect(block).toContain('resets 15:48');
});

test.each(['normal', 'official', 'over', 'idle', 'unlimited', 'huge'])('%s: nothing is larger than the leading figure', async (scenario) => {
  const { page } = await open({ scenario });
  const sizes = await page.locator('.now *').evaluateAll((all) => all.map((element) => parseFloat(getComputedStyle(element).fontSize)));
  const lead = await page.getByTestId('block-left').evaluate((element) => parseFloat(getComputedStyle(element).fontSize));
  expect(Math.max(...sizes)).toBe(lead);
});

test('without an official or own limit nothing is left, used or a limit: the block is compared', async () => {
  for (const scenario of ['normal', 'unlimited', 'newcomer', 'estimated', 'over']) {
    const { page } = await open({ scenario });
    const lead = page.locator('.current-block > :first-child');
    expect((await lead.innerText()).replace(/Cost:[^]*|limit message/g, ''), scenario).not.toMatch(/\b(left|limit|runs out|used|resets)\b/i);
  }
  const { page } = await open();
  await expect.poll(() => page.getByTestId('block-use').innerText()).toMatch(/^38%.* of your usual maximum/s);
  expect(await page.getByTestId('block-left').textContent()).toBe('1.84M, measured');
});

test('the bar and the chart of a limit name the share and the forecast', async () => {
  const { page } = await open({ scenario: 'subscription' });
  expect(await page.locator('.current-block .gauge[role=img]').getAttribute('aria-label')).toBe('38% used, calm, official');
  expect(await page.getByTestId('burn-up').getAttribute('aria-label')).toBe('The block so far: 38% used, official; 71–84% expected at its end, estimated');
});

test('every share follows the snapshots', async () => {
  const { page } = await open({ scenario: 'subscription' });
  const shares = () => page.locator('.current-block strong.level-text').allInnerTexts();
  const before = await shares();
  expect(before.length, 'the block, and the windows beneath it').toBeGreaterThan(1);
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
  expect(await page.getByTestId('burn-rate').textContent()).toBe('1.28M /min');
  expect(await page.getByTestId('burn-cost').textContent()).toBe('$1,204.50/h, API-equivalent');
  await expect.poll(() => page.locator('.burn-level').innerText()).toBe('high');
  expect(await page.getByTestId('block-left').textContent()).toContain('UTC grid');
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

test('a recent session opens on the Sessions page', async () => {
  const { page } = await open();
  await page.getByTestId('recent-session').nth(1).getByRole('button').click();
  await page.getByTestId('session-detail').getByText('Migrate invoices to integer cents').waitFor();
});

test('between blocks a hint is shown', async () => {
  const { page } = await open({ scenario: 'idle' });
  await expect.poll(() => page.locator('.current-block').innerText()).toContain('The next five-hour block starts with your next message.');
  await expect.poll(() => page.locator('.burn-level').innerText()).toBe('at rest');
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
  const fills = await page.locator('.kind-breakdown .swatch rect').evaluateAll((swatches) => swatches.map((swatch) => getComputedStyle(swatch).fill));
  expect(fills).toHaveLength(4);
  expect(new Set(fills).size).toBe(4);
});
