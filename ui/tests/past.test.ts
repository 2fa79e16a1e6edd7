// The pages Blocks and History as people find them, and as the keyboard leads through them.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { hostCalls, withBrowser, type Wish } from './browser';

const open = withBrowser();

async function at(tab: 'blocks' | 'history', wish: Wish = {}): Promise<{ page: Page }> {
  const opened = await open(wish);
  await opened.page.click(`#tab-${tab}`);
  await opened.page.getByTestId(tab === 'blocks' ? 'block-row' : 'heatmap').first().waitFor();
  return opened;
}

/** The name of what has the focus, as a screen reader says it. */
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');

test('the current block leads, with where its figures and its times come from', async () => {
  const { page } = await at('blocks');
  const said = (await page.getByTestId('block-readout').innerText()).replace(/\s+/g, ' ');
  expect(said).toContain('1,842,300 tokens, measured');
  for (const words of ['current, estimated', '$1.54 API-equivalent', '188 messages', 'peak 12k tok/min']) expect(said.toLowerCase()).toContain(words.toLowerCase());
  expect(await page.locator('.mark-legend').innerText()).toMatch(/limit 4\.85m.*estimated[^]*largest[^]*p90 4\.31m/i);
});

test('arrow keys walk the columns into the past; what has the focus is said in one line, and gone when the focus goes', async () => {
  const { page } = await at('blocks');
  const readout = page.getByTestId('block-readout');
  const before = await readout.innerText();
  await page.locator('.column[tabindex="0"]').focus();
  expect(await page.locator('.column[tabindex="0"]').count(), 'one place in the tab order').toBe(1);
  await page.keyboard.press('ArrowLeft');
  expect(await focused(page)).toMatch(/^Sat, 14 Mar.*: 3,949,\d{3} tokens, measured, \$\d\.\d\d API-equivalent; times |^.*tokens, measured.*API-equivalent; times /);
  expect(await readout.innerText()).not.toBe(before);
  await page.keyboard.press('ArrowRight');
  expect(await focused(page)).toContain('1,842,300 tokens');
  await page.keyboard.press('Tab');
  expect(await readout.innerText()).toBe(before);
});

test('the beginning of thousands of blocks is reached by keys alone, few columns and rows at a time', async () => {
  const { page } = await at('blocks', { scenario: 'many' });
  await page.locator('.column[tabindex="0"]').focus();
  for (let step = 0; step < 8; step += 1) {
    const known = Number(await page.locator('.column').first().getAttribute('aria-setsize'));
    await page.keyboard.press('Home');
    await page.waitForFunction((before) => Number(document.querySelector('.column')?.getAttribute('aria-setsize')) > before, known);
    expect(await page.locator('.column').count()).toBeLessThan(90);
    expect(await page.getByTestId('block-row').count()).toBeLessThan(40);
  }
  const asked = (await hostCalls(page)).filter((call) => call.startsWith('blocks'));
  expect(asked.length, 'a page at a time').toBeGreaterThanOrEqual(9);
  expect(new Set(asked).size, 'none twice').toBe(asked.length);
});

test('a chosen range asks the host for it, and bars are as many as days', async () => {
  const { page } = await at('history');
  for (const [range, days, from] of [['week', 7, '2026-03-08'], ['quarter', 90, '2025-12-15'], ['year', 365, '2025-03-15']] as const) {
    await page.click(`[data-value=${range}]`);
    await page.waitForFunction((count) => document.querySelector('.column')?.getAttribute('aria-setsize') === `${count}`, days);
    expect(await hostCalls(page)).toContain(`history ${from}  model`);
  }
  await page.click('[data-value=project]');
  await page.getByTestId('history-part').getByText('ledger').waitFor();
});

test('dates of one’s own are checked, and followed as soon as they are dates', async () => {
  const { page } = await at('history');
  await page.click('[data-value=own]');
  await page.getByTestId('date-from').fill('2026-02-30');
  await page.keyboard.press('Enter');
  expect(await page.getByTestId('dates-fault').innerText()).toContain('yyyy-mm-dd');
  expect(await page.getByTestId('date-from').getAttribute('aria-invalid')).toBe('true');
  await page.getByTestId('date-from').fill('2026-03-01');
  await page.getByTestId('date-to').fill('2026-03-10');
  await page.waitForFunction(() => document.querySelector('.column')?.getAttribute('aria-setsize') === '10');
  expect(await page.getByTestId('dates-fault').innerText()).toBe('');
  await page.getByTestId('date-to').fill('2026-02-01');
  await page.keyboard.press('Enter');
  expect(await page.getByTestId('dates-fault').innerText()).toBe('The last day is before the first.');
  expect(await page.locator('.column').first().getAttribute('aria-setsize'), 'the last good range stays').toBe('10');
});

test('in the year, sideways is a week and up a day, and both pictures point at the same day', async () => {
  const { page } = await at('history');
  await page.locator('.cell[tabindex="0"]').focus();
  expect(await focused(page)).toMatch(/14 Mar 2026: 4,218,344 tokens, measured, \$\d/);
  await page.keyboard.press('ArrowLeft');
  expect(await focused(page)).toContain('7 Mar 2026');
  await page.keyboard.press('ArrowUp');
  expect(await focused(page)).toContain('6 Mar 2026');
  expect(await page.locator('.column.pointed').getAttribute('aria-label')).toBe(await focused(page));
  expect(await page.getByTestId('history-readout').innerText()).toContain('6 Mar 2026');
});

test('the keyboard alone leads through every control of the page', async () => {
  const { page } = await at('history');
  await page.locator('#tab-history').focus();
  const stops: string[] = [];
  for (let step = 0; step < 6; step += 1) {
    await page.keyboard.press('Tab');
    stops.push(await page.evaluate(() => document.activeElement?.getAttribute('data-value') ?? document.activeElement?.getAttribute('class') ?? document.activeElement?.id ?? ''));
  }
  expect(stops.slice(1, 4)).toEqual(['month', 'model', 'tokens']);
  expect(stops.slice(4)).toEqual(['column', 'cell'].map((name) => expect.stringContaining(name) as unknown as string));
  await page.locator('[data-value=month]').focus();
  await page.keyboard.press('ArrowLeft');
  await page.waitForFunction(() => document.querySelector('.column')?.getAttribute('aria-setsize') === '7');
});

test('weeks begin where the reader’s language has it', async () => {
  for (const [locale, first] of [['en-US', 'S'], ['de-DE', 'M']] as const) {
    const { page } = await at('history', { locale });
    expect(await page.locator('.heatmap-days').innerText()).toMatch(new RegExp(`^${first}`));
  }
});

test('what could not be read says so, with one thing to do, and comes when it can be', async () => {
  const { page } = await open({ scenario: 'unreadable' });
  for (const tab of ['blocks', 'history']) {
    await page.click(`#tab-${tab}`);
    const note = page.getByTestId('unreadable');
    expect(await note.innerText()).toContain('could not be read');
    const asked = (await hostCalls(page)).length;
    await note.getByRole('button', { name: 'Try again' }).click();
    expect((await hostCalls(page)).length).toBeGreaterThan(asked);
  }
});

test('figures that could not be read again stay, and say that they are old', async () => {
  const { page } = await at('history');
  await page.evaluate(() => window.fixture?.connect(false));
  await page.click('[data-value=week]');
  await page.getByText('These figures could not be read again.').waitFor();
  expect(await page.locator('.column').count()).toBeGreaterThan(0);
  await page.evaluate(() => window.fixture?.connect(true));
  await page.locator('.old-answer').waitFor({ state: 'detached' });
});

test('the last hour is read minute by minute', async () => {
  const { page } = await open();
  expect(await page.getByTestId('sparkline').getAttribute('aria-label')).toMatch(/^Tokens in each minute of the last hour, at most \d/);
  await page.locator('.minute[tabindex="0"]').focus();
  await page.keyboard.press('Home');
  expect(await focused(page)).toMatch(/^12:39: [\d,]+ tokens, measured$/);
  expect((await page.getByTestId('minute').innerText()).replace(/\s+/g, ' ')).toMatch(/^12:39 [\d,]+ tokens, measured$/);
});

test('today is told against yesterday by now and against the usual day', async () => {
  const { page } = await open();
  const said = await page.getByTestId('comparison').innerText();
  expect(said).toContain('12% more than yesterday by now');
  expect(said.toLowerCase()).toContain('usual 4.1m tokens, $10.47 api-equivalent');
});

test('the page Now fits the popover as it first opens', async () => {
  const { page } = await open();
  const { height, room } = await page.locator('#panel-now').evaluate((panel) => ({ height: panel.scrollHeight, room: panel.clientHeight }));
  expect(height).toBeLessThanOrEqual(room);
});

test('the theme of the settings overrules the system’s', async () => {
  const ground = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await open();
  const dark = await open({ scenario: 'darkTheme' });
  expect(await ground(light.page)).toBe('rgb(251, 251, 250)');
  expect(await ground(dark.page)).toBe('rgb(27, 28, 30)');
  // Without a word of theirs the system is followed, as it changes.
  await light.page.emulateMedia({ colorScheme: 'dark' });
  await light.page.waitForFunction(() => getComputedStyle(document.body).backgroundColor === 'rgb(27, 28, 30)');
});
