// The Blocks and History pages, with the pointer and the keyboard.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { hostCalls, type OpenOptions, withBrowser } from './browser';

const open = withBrowser();

async function at(tab: 'blocks' | 'history', options: OpenOptions = {}): Promise<{ page: Page }> {
  const opened = await open(options);
  await opened.page.click(`#tab-${tab}`);
  await opened.page.getByTestId(tab === 'blocks' ? 'block-row' : 'heatmap').first().waitFor();
  return opened;
}

/** Returns the accessible name of the focused element. */
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');

test('the current block leads the page with its provenance', async () => {
  const { page } = await at('blocks');
  const shownText = (await page.getByTestId('block-readout').innerText()).replace(/\s+/g, ' ');
  expect(shownText).toContain('1.84M , measured');
  for (const expected of ['this block', 'estimated', '$1.54', '188 messages', 'peak 12k/min']) expect(shownText.toLowerCase()).toContain(expected.toLowerCase());
  await expect.poll(() => page.locator('.block-chart__legend').innerText()).toMatch(/^(?!.*limit)[^]*largest[^]*usual maximum 4\.31m/i);
});

test('arrow keys move through the columns, and the readout follows the focus', async () => {
  const { page } = await at('blocks');
  const readout = page.getByTestId('block-readout');
  const before = await readout.innerText();
  await page.locator('.column-chart__column[tabindex="0"]').focus();
  expect(await page.locator('.column-chart__column[tabindex="0"]').count(), 'one tab stop').toBe(1);
  await page.keyboard.press('ArrowLeft');
  expect(await focused(page)).toMatch(/^Sat, Mar 14, 05:48 – 10:48: 3,945,\d{3} tokens, measured, \$\d\.\d\d API-equivalent; times estimated$/);
  await expect.poll(() => readout.innerText()).not.toBe(before);
  await page.keyboard.press('ArrowRight');
  expect(await focused(page)).toContain('1,842,300 tokens');
  await page.keyboard.press('Tab');
  await expect.poll(() => readout.innerText()).toBe(before);
});

test('thousands of blocks are reached with the keyboard, with few elements in the document', async () => {
  const { page } = await at('blocks', { scenario: 'many' });
  await page.locator('.column-chart__column[tabindex="0"]').focus();
  for (let step = 0; step < 8; step += 1) {
    const known = Number(await page.locator('.column-chart__column').first().getAttribute('aria-setsize'));
    await page.keyboard.press('Home');
    await page.waitForFunction((before) => Number(document.querySelector('.column-chart__column')?.getAttribute('aria-setsize')) > before, known);
    expect(await page.locator('.column-chart__column').count()).toBeLessThan(90);
    expect(await page.getByTestId('block-row').count()).toBeLessThan(40);
  }
  const asked = (await hostCalls(page)).filter((call) => call.startsWith('blocks'));
  expect(asked.length, 'one page at a time').toBeGreaterThanOrEqual(9);
  expect(new Set(asked).size, 'no page twice').toBe(asked.length);
});

test('a chosen range is requested and always fits, with a bar per day or per week', async () => {
  const { page } = await at('history');
  for (const [range, days, from] of [['week', 7, '2026-03-08'], ['quarter', 90, '2025-12-15'], ['year', 53, '2025-03-15']] as const) {
    await page.click(`[data-value=${range}]`);
    await page.waitForFunction((count) => document.querySelector('.column-chart__column')?.getAttribute('aria-setsize') === `${count}`, days);
    expect(await hostCalls(page)).toContain(`history ${from}  model`);
    const scroller = page.locator('.column-chart__scroller');
    expect(await scroller.evaluate((element) => element.scrollWidth - element.clientWidth), 'no sideways scrolling').toBe(0);
  }
  await page.click('[data-value=project]');
  await page.getByTestId('history-part').getByText('ledger').waitFor();
});

test('custom dates are validated and applied once valid', async () => {
  const { page } = await at('history');
  await page.click('[data-value=custom]');
  await page.getByTestId('date-from').fill('2026-02-30');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByTestId('date-error').innerText()).toContain('yyyy-mm-dd');
  expect(await page.getByTestId('date-from').getAttribute('aria-invalid')).toBe('true');
  await page.getByTestId('date-from').fill('2026-03-01');
  await page.getByTestId('date-to').fill('2026-03-10');
  await page.waitForFunction(() => document.querySelector('.column-chart__column')?.getAttribute('aria-setsize') === '10');
  await expect.poll(() => page.getByTestId('date-error').innerText()).toBe('');
  await page.getByTestId('date-to').fill('2026-02-01');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByTestId('date-error').innerText()).toBe('The last day is before the first day.');
  expect(await page.locator('.column-chart__column').first().getAttribute('aria-setsize'), 'the last valid range stays').toBe('10');
});

test('arrow keys move through the year, and both charts point at the same day', async () => {
  const { page } = await at('history');
  await page.locator('.heatmap__day[tabindex="0"]').focus();
  expect(await focused(page)).toMatch(/Mar 14, 2026: 4,218,344 tokens, measured, \$\d/);
  await page.keyboard.press('ArrowLeft');
  expect(await focused(page)).toContain('Mar 7, 2026');
  await page.keyboard.press('ArrowUp');
  expect(await focused(page)).toContain('Mar 6, 2026');
  expect(await page.locator('.column-chart__column.is-pointed').getAttribute('aria-label')).toBe(await focused(page));
  await expect.poll(() => page.getByTestId('history-readout').innerText()).toContain('Mar 6, 2026');
});

test('arrow keys choose a range at once', async () => {
  const { page } = await at('history');
  await page.locator('[data-value=month]').focus();
  await page.keyboard.press('ArrowLeft');
  await page.waitForFunction(() => document.querySelector('.column-chart__column')?.getAttribute('aria-setsize') === '7');
});

test('a year fits in one row, and the pointer finds its days', async () => {
  const { page } = await at('history');
  const [latest, earliest] = [page.locator('.heatmap__day[data-index="0"]'), page.locator('.heatmap__day').last()];
  const [right, left] = [await latest.boundingBox(), await earliest.boundingBox()];
  expect(right?.x).toBeGreaterThan((left?.x ?? 0) + 300);
  for (const cell of [latest, earliest]) {
    await cell.hover();
    await page.waitForFunction((name) => document.querySelector('.heatmap__day.is-pointed')?.getAttribute('aria-label') === name, await cell.getAttribute('aria-label'));
  }
});

test('streak, best day and active days follow the measure', async () => {
  const { page } = await at('history');
  await expect.poll(() => page.getByTestId('year-tiles').innerText()).toMatch(/Streak\s+\d+ days?[^]*\d+ active in all[^]*Best day\s+[\d.]+M[^]*\w+ \d+[^]*Busiest hour\s+16–17[^]*17% of the year/);
  await page.locator('[data-value=cost]').click();
  await page.waitForFunction(() => document.querySelector('[data-testid=year-tiles]')?.textContent?.includes('$'));
});

test('unreadable data shows its reason and a retry that works', async () => {
  const { page } = await open({ scenario: 'unreadable' });
  for (const tab of ['blocks', 'history']) {
    await page.click(`#tab-${tab}`);
    const note = page.getByTestId('load-error');
    await expect.poll(() => note.innerText()).toContain('Could not read');
    await expect.poll(() => note.innerText(), { message: 'reason and hint' }).toContain('Restart Token Monitor.');
  }
  await page.evaluate(() => window.fixture?.repairHistory());
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByTestId('heatmap').waitFor();
  await page.click('#tab-blocks');
  await page.getByTestId('block-row').first().waitFor();
});

test('an unreadable year is reported, and the range stays', async () => {
  const { page } = await at('history');
  await page.evaluate(() => window.fixture?.setConnected(false));
  await page.click('[data-value=custom]');
  await page.getByTestId('date-to').fill('2026-03-10');
  await page.locator('.year-heatmap .stale-note').waitFor();
  expect(await page.locator('.column-chart__column').count()).toBeGreaterThan(0);
  await page.evaluate(() => window.fixture?.setConnected(true));
  await page.locator('.year-heatmap').getByRole('button', { name: 'Try again' }).click();
  await page.locator('.year-heatmap .stale-note').waitFor({ state: 'detached' });
});

test('an empty range is reported between the readout and the year', async () => {
  const { page } = await at('history');
  await page.click('[data-value=custom]');
  await page.getByTestId('date-from').fill('2010-01-01');
  await page.getByTestId('date-to').fill('2010-01-31');
  await page.getByTestId('empty-note').waitFor();
  await expect.poll(() => page.getByTestId('history-readout').innerText()).toContain('2010');
  expect(await page.getByTestId('heatmap').count()).toBe(1);
});

test('the breakdown keeps its heading until a new response', async () => {
  const { page } = await at('history');
  await page.evaluate(() => window.fixture?.setConnected(false));
  await page.getByTestId('choose-by').getByText('Project').click();
  await page.getByText('Could not refresh these figures.').first().waitFor();
  await expect.poll(() => page.locator('#parts-heading').innerText()).toBe('By model');
  await expect.poll(() => page.getByTestId('history-part').first().innerText()).toContain('Opus 4.5');
});

test.each(['none', 'active'] as const)('eleven parts are told apart, with forced colors %s', async (forcedColors) => {
  const { page } = await at('history', { forcedColors });
  await page.getByTestId('choose-by').getByText('Branch').click();
  await page.getByTestId('history-part').getByText('release/4.2').waitFor();
  const fills = await page.locator('.breakdown-list .swatch rect').evaluateAll((swatches) => swatches.map((swatch) => getComputedStyle(swatch).fill));
  expect(fills).toHaveLength(12);
  expect(new Set(fills.slice(0, 11)).size).toBe(11);
  expect(fills.slice(0, 11), 'the rest has a color of its own').not.toContain(fills[11]);
});

test('days are divided by model, project, branch, tag and pull request', async () => {
  const { page } = await at('history');
  for (const [split, name] of [['Project', 'web-app'], ['Branch', 'main'], ['Tag', 'login, safari'], ['Pull request', '#412 ada/web-app'], ['Model', 'Opus 4.5']]) {
    await page.getByTestId('choose-by').getByText(split ?? '', { exact: true }).click();
    await page.getByTestId('history-part').getByText(name ?? '', { exact: true }).waitFor();
    const last = await page.getByTestId('history-part').last().innerText();
    expect(last.toLowerCase()).toContain(`3 other ${(split ?? '').toLowerCase()}`.replace('branch', 'branches').replace(/(model|project|tag|request)$/, '$1s'));
  }
});

test('each block has its curve, and only a block above the usual maximum has another color', async () => {
  const { page } = await at('blocks');
  await page.getByTestId('block-row').first().waitFor();
  const rows = await page.getByTestId('block-row').evaluateAll((all) =>
    all.map((row) => ({
      isGap: row.querySelector('.block-row') === null,
      points: row.querySelector('.mini-burn-up__line')?.getAttribute('points')?.split(' ').length ?? 0,
      isMarked: row.querySelector('.block-row--above-usual') !== null,
      color: getComputedStyle(row.querySelector('.mini-burn-up') ?? row).color,
    })),
  );
  const blocks = rows.filter((row) => !row.isGap);
  expect(blocks[0]?.points, 'the current block has twelve quarters of an hour').toBe(13);
  expect(new Set(blocks.slice(1).map((row) => row.points))).toEqual(new Set([21]));
  expect(rows.filter((row) => row.isGap).every((row) => row.points === 0)).toBe(true);
  const colors = (isMarked: boolean) => new Set(blocks.filter((row) => row.isMarked === isMarked).map((row) => row.color));
  expect([colors(true).size, colors(false).size]).toEqual([1, 1]);
  expect([...colors(true)]).not.toEqual([...colors(false)]);
});

test('the largest block and those above the usual maximum are marked with a word', async () => {
  const { page } = await at('blocks');
  await page.getByTestId('highlight').first().waitFor();
  expect(new Set(await page.getByTestId('highlight').allTextContents())).toEqual(new Set(['above usual, measured']));
  await expect.poll(() => page.locator('.block-chart__legend').innerText(), { message: 'the largest block is not loaded' }).toMatch(/largest \d/);
  const marked = page.getByTestId('block-row').filter({ has: page.getByTestId('highlight') }).first();
  await expect.poll(() => marked.locator('.list-item__total').innerText()).toMatch(/^(4\.[3-9]|5)/);
});

test('the focus stays on its column when a new block is added', async () => {
  const { page } = await at('blocks');
  await page.locator('.column-chart__column[tabindex="0"]').focus();
  await page.keyboard.press('ArrowLeft');
  const name = await focused(page);
  await page.evaluate(() => window.fixture?.startNewBlock());
  await page.waitForFunction(() => document.querySelector('.column-chart__column')?.getAttribute('aria-setsize') === '101');
  expect(await focused(page)).toBe(name);
  await page.keyboard.press('ArrowRight');
  expect(await focused(page)).toContain('1,842,300 tokens');
});

test('figures that could not be refreshed stay, with a note', async () => {
  const { page } = await at('history');
  await page.evaluate(() => window.fixture?.setConnected(false));
  await page.click('[data-value=week]');
  await page.getByText('Could not refresh these figures.').waitFor();
  expect(await page.locator('.column-chart__column').count()).toBeGreaterThan(0);
  await page.evaluate(() => window.fixture?.setConnected(true));
  await page.locator('.stale-note').waitFor({ state: 'detached' });
});

test('the last hour is accessible minute by minute', async () => {
  const { page } = await open();
  expect(await page.getByTestId('sparkline').getAttribute('aria-label')).toMatch(/^Tokens per minute in the last hour, peak \d/);
  await page.locator('.sparkline__minute[tabindex="0"]').focus();
  await page.keyboard.press('Home');
  expect(await focused(page)).toMatch(/^12:39: [\d,]+ tokens, measured$/);
  expect((await page.getByTestId('minute').innerText()).replace(/\s+/g, ' ')).toMatch(/^12:39 [\d,]+ tokens ?, measured$/);
});

test('today is compared with yesterday and with a typical day', async () => {
  const { page } = await open();
  const days = page.getByTestId('comparison').locator('li');
  expect(await days.allTextContents()).toEqual(['today', 'yesterday3.77M, measured, 12% more than yesterday by now', expect.stringMatching(/^usual4\.1M, measured, A typical full day/)]);
  expect(await days.nth(1).getAttribute('title')).toBe('12% more than yesterday by now');
});

test.each(['subscription', 'normal'])('with the scenario %s, the first session is above the fold of the initial popover', async (scenario) => {
  const { page } = await open({ scenario });
  expect(await page.getByTestId(scenario === 'normal' ? 'week' : 'window').count()).toBe(1);
  const [row, panel] = [await page.getByTestId('recent-session').first().boundingBox(), await page.locator('#panel-now').boundingBox()];
  expect((row?.y ?? Infinity) + (row?.height ?? 0)).toBeLessThanOrEqual((panel?.y ?? 0) + (panel?.height ?? 0));
});

test('the theme of the settings overrides the system', async () => {
  const ground = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await open();
  const dark = await open({ scenario: 'darkTheme' });
  expect(await ground(light.page)).toBe('rgb(245, 245, 244)');
  expect(await ground(dark.page)).toBe('rgb(20, 21, 23)');
  // The theme `auto` follows the system at runtime.
  await light.page.emulateMedia({ colorScheme: 'dark' });
  await light.page.waitForFunction(() => getComputedStyle(document.body).backgroundColor === 'rgb(20, 21, 23)');
});
