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
  for (const words of ['current, estimated', '$1.54 API-equivalent', '188 messages', 'peak 12k/min']) expect(said.toLowerCase()).toContain(words.toLowerCase());
  expect(await page.locator('.mark-legend').innerText()).toMatch(/limit 4\.85m.*estimated[^]*largest[^]*p90 4\.31m/i);
});

test('arrow keys walk the columns into the past; what has the focus is said in one line, and gone when the focus goes', async () => {
  const { page } = await at('blocks');
  const readout = page.getByTestId('block-readout');
  const before = await readout.innerText();
  await page.locator('.column[tabindex="0"]').focus();
  expect(await page.locator('.column[tabindex="0"]').count(), 'one place in the tab order').toBe(1);
  await page.keyboard.press('ArrowLeft');
  expect(await focused(page)).toMatch(/^Sat 14 Mar, 05:48–10:48: 3,945,\d{3} tokens, measured, \$\d\.\d\d API-equivalent; times estimated$/);
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

test('arrow keys choose a range at once', async () => {
  const { page } = await at('history');
  await page.locator('[data-value=month]').focus();
  await page.keyboard.press('ArrowLeft');
  await page.waitForFunction(() => document.querySelector('.column')?.getAttribute('aria-setsize') === '7');
});

test('weeks begin where the reader’s language has it, and three days are named', async () => {
  for (const [locale, names] of [['en-US', ['', 'Mon', '', 'Wed', '', 'Fri', '']], ['de-DE', ['Mo', '', 'Mi', '', 'Fr', '', '']]] as const) {
    const { page } = await at('history', { locale });
    const said = await page.locator('.heatmap-days span').allInnerTexts();
    expect(said.slice(0, 7)).toEqual(names);
  }
});

test('in a narrow popover the year stands in two halves, and the pointer finds the day in either', async () => {
  const { page } = await at('history');
  const [latest, earliest] = [page.locator('.cell[data-index="0"]'), page.locator('.cell').last()];
  const [low, high] = [await latest.boundingBox(), await earliest.boundingBox()];
  expect(low?.y).toBeGreaterThan((high?.y ?? 0) + 60);
  for (const cell of [latest, earliest]) {
    await cell.hover();
    await page.waitForFunction((name) => document.querySelector('.cell.pointed')?.getAttribute('aria-label') === name, await cell.getAttribute('aria-label'));
  }
  await page.setViewportSize({ width: 760, height: 600 });
  await page.waitForFunction(() => document.querySelectorAll('.heatmap-days span').length === 7);
});

test('what could not be read says so, with one thing to do, and comes when it can be', async () => {
  const { page } = await open({ scenario: 'unreadable' });
  for (const tab of ['blocks', 'history']) {
    await page.click(`#tab-${tab}`);
    const note = page.getByTestId('unreadable');
    expect(await note.innerText()).toContain('could not be read');
    expect(await note.innerText(), 'why, and what to do').toContain('Restart Token Monitor.');
  }
  await page.evaluate(() => window.fixture?.mend());
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByTestId('heatmap').waitFor();
  await page.click('#tab-blocks');
  await page.getByTestId('block-row').first().waitFor();
});

test('a year that could not be read says so, and the range stays', async () => {
  const { page } = await at('history');
  await page.evaluate(() => window.fixture?.connect(false));
  await page.click('[data-value=own]');
  await page.getByTestId('date-to').fill('2026-03-10');
  await page.locator('.year .old-answer').waitFor();
  expect(await page.locator('.column').count()).toBeGreaterThan(0);
  await page.evaluate(() => window.fixture?.connect(true));
  await page.locator('.year').getByRole('button', { name: 'Try again' }).click();
  await page.locator('.year .old-answer').waitFor({ state: 'detached' });
});

test('a range without days says so between its name and the year', async () => {
  const { page } = await at('history');
  await page.click('[data-value=own]');
  await page.getByTestId('date-from').fill('2010-01-01');
  await page.getByTestId('date-to').fill('2010-01-31');
  await page.getByTestId('nothing').waitFor();
  expect(await page.getByTestId('history-readout').innerText()).toContain('2010');
  expect(await page.getByTestId('heatmap').count()).toBe(1);
});

test('parts are called what they are, until others come', async () => {
  const { page } = await at('history');
  await page.evaluate(() => window.fixture?.connect(false));
  await page.getByTestId('choose-by').getByText('By project').click();
  await page.getByText('These figures could not be read again.').first().waitFor();
  expect(await page.locator('#parts-heading').innerText()).toBe('By model');
  expect(await page.getByTestId('history-part').first().innerText()).toContain('opus-4-5');
});

test('the largest block and those over the P90 say so in a word, with the first page already', async () => {
  const { page } = await at('blocks');
  await page.getByTestId('standout').first().waitFor();
  expect(new Set(await page.getByTestId('standout').allTextContents())).toEqual(new Set(['over P90, measured']));
  expect(await page.locator('.mark-legend').innerText(), 'the largest is far from here').toMatch(/largest \d/);
  const marked = page.getByTestId('block-row').filter({ has: page.getByTestId('standout') }).first();
  expect(await marked.locator('.line-total').innerText()).toMatch(/^(4\.[3-9]|5)/);
});

test('a new block moves the columns, and the keyboard stays with its own', async () => {
  const { page } = await at('blocks');
  await page.locator('.column[tabindex="0"]').focus();
  await page.keyboard.press('ArrowLeft');
  const name = await focused(page);
  await page.evaluate(() => window.fixture?.begin());
  await page.waitForFunction(() => document.querySelector('.column')?.getAttribute('aria-setsize') === '101');
  expect(await focused(page)).toBe(name);
  await page.keyboard.press('ArrowRight');
  expect(await focused(page)).toContain('1,842,300 tokens');
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
  const lines = await page.locator('.other-day').evaluateAll((days) => days.map((day) => day.textContent));
  expect(lines[0]).toMatch(/^12% more than yesterday by now, measured3\.77m, measured\$9\.61, API-equivalent$/i);
  expect(lines[1]).toMatch(/^a usual whole day, measured4\.1m, measured\$10\.47, API-equivalent$/i);
});

test.each(['subscription', 'normal'])('with the figures of %s the page Now fits the popover as it first opens', async (scenario) => {
  const { page } = await open({ scenario });
  expect(await page.getByTestId(scenario === 'normal' ? 'week' : 'window').count()).toBe(1);
  expect(await page.getByTestId('recent-session').count()).toBeGreaterThan(0);
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
