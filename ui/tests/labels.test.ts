// No figure without its label: whatever is shown says where it comes from, in every situation and on every page.
// The pages are walked as they are; what is asked of each figure is what a screen reader would say of it.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { scenarios } from '../src/host/scenarios';
import { withBrowser } from './browser';

const open = withBrowser();
const situations = Object.keys(scenarios).filter((name) => !['many', 'disconnected', 'first'].includes(name));

const LABEL = /official|measured|estimated|API-equivalent|unpriced|under-logged|not in the logs/;

interface Walk {
  /** What is heard of each figure. */
  figures: string[];
  /** Texts with digits that are no part of any figure. */
  strays: string[];
}

/** Times, text from logs and counts of rows are no figures; all else with a digit is. */
function walk(page: Page): Promise<Walk> {
  return page.evaluate(() => {
    const panel = document.querySelector('[role=tabpanel]:not([hidden])') ?? document.body;
    const heard = (node: Node): string => {
      if (!(node instanceof Element)) return node.textContent ?? '';
      if (node.getAttribute('aria-hidden') === 'true') return '';
      if (['img', 'option'].includes(node.getAttribute('role') ?? '')) return node.getAttribute('aria-label') ?? '';
      return [...node.childNodes].map(heard).join('');
    };
    const texts: Text[] = [];
    const walker = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) texts.push(walker.currentNode as Text);
    const stray = (node: Text) => /\d/.test(node.data) && !node.parentElement?.closest('[data-figure], time, bdi, [role=status]');
    return {
      figures: [...panel.querySelectorAll('[data-figure]')].map((figure) => heard(figure).trim()),
      strays: texts.filter(stray).map((node) => `${node.parentElement?.className}: ${node.data}`),
    };
  });
}

async function labelled(page: Page, least: number): Promise<void> {
  const { figures, strays } = await walk(page);
  expect(strays).toEqual([]);
  expect(figures.filter((words) => !LABEL.test(words))).toEqual([]);
  expect(figures.filter((words) => /\$\d/.test(words) && !words.includes('API-equivalent'))).toEqual([]);
  expect(figures.length).toBeGreaterThanOrEqual(least);
}

async function openFirst(page: Page): Promise<void> {
  await page.click('#tab-sessions');
  await page.locator('[data-control=open]').first().click();
  await page.getByTestId('models').waitFor();
}

test.each(situations)('%s: every figure has its label', async (scenario) => {
  const { page } = await open({ scenario });
  const figures = scenario === 'empty' ? 0 : 10;
  await labelled(page, figures);
  if (figures > 0) {
    await openFirst(page);
    await labelled(page, 25);
    await labelledPast(page);
  }
});

/** The pages of the past, in tokens and in dollars, and what is said of a column that is pointed at. */
async function labelledPast(page: Page): Promise<void> {
  const there = '[data-testid=block-row], [data-testid=heatmap], [data-testid=nothing], [data-testid=unreadable]';
  for (const tab of ['blocks', 'history']) {
    await page.click(`#tab-${tab}`);
    await page.locator(there).first().waitFor();
    const least = (await page.locator('.column').count()) > 0 ? 30 : 0;
    await labelled(page, least);
    if (least === 0) continue;
    await page.locator('.column[tabindex="0"]').focus();
    await page.keyboard.press('ArrowLeft');
    await labelled(page, least);
  }
  if ((await page.getByTestId('choose-measure').count()) === 0) return;
  await page.getByTestId('choose-measure').getByText('Cost').click();
  await labelled(page, 0);
}

/** What is only heard stands apart from what is seen. */
const inOneLine = (words: string) => words.replace(/\s*\n,\s*/g, ', ');

async function now(scenario: string): Promise<(testid: string) => Promise<string>> {
  const { page } = await open({ scenario });
  return async (testid) => (await page.getByTestId(testid).allInnerTexts()).map(inOneLine).join('\n');
}

test('the vendor’s figures are official, with the window that stops work first', async () => {
  const said = await now('official');
  expect(await said('block-use')).toBe('of Claude Code’s limit, official');
  expect(await said('elsewhere')).toBe('About 12% used elsewhere, estimated');
  expect(await said('pace')).toBe('At this pace 71–84% when it resets, estimated');
  expect(await said('window')).toMatch(/Week\s+61%\s+official, resets Thu.* 08:50\s+at this pace 67–85%, estimated/);
  expect(await said('window')).toMatch(/Week of Opus\s+stops first\s*busy\s*78%/);
  expect(await said('binding'), 'one of them').toBe('stops first');
  expect(await said('window-pace')).toContain('runs out Tue');
});

test('what was told long ago says how long', async () => {
  const said = await now('stale');
  expect(await said('block-use')).toBe('of Claude Code’s limit, official, 25 min ago');
  expect(await said('window')).toContain('official, 3 h ago');
});

test('an estimate says what stands for the limit, when it runs out, and what a limit on cost is of', async () => {
  const said = await now('estimated');
  expect(await said('block-level')).toBe('busy');
  expect(await said('block-use')).toMatch(/^of your largest block, 4\.85m, estimated$/i);
  expect(await said('runs-out')).toBe('Runs out 15:13 at this pace, estimated');
  expect(await said('cost-limit')).toBe('Cost: 41% of $10.00 API-equivalent, measured');
  expect(await said('week')).toMatch(/Last seven days\s+30\.8m tokens, measured\s+measured, \$71\.72 API-equivalent\s+no limit told/i);
});

test('without a limit the block’s tokens stand in the ring, and the projection is in tokens', async () => {
  const { page } = await open({ scenario: 'unlimited' });
  expect(await page.locator('.block [role=img]').getAttribute('aria-label')).toMatch(/^1\.84m tokens, measured; no limit is known yet$/i);
  expect(inOneLine(await page.getByTestId('pace').innerText())).toMatch(/^At this pace 3\.44m–4\.07m tokens when it resets, estimated$/i);
  expect(await page.getByTestId('block-use').count()).toBe(0);
});

test('over the limit is said in a word, and nothing is said to run out that has', async () => {
  const { page } = await open({ scenario: 'over' });
  expect(await page.locator('.block [role=img]').getAttribute('aria-label')).toBe('104% of your blocks’ P90, over, estimated');
  expect(await page.getByTestId('block-level').innerText()).toBe('over');
  expect(await page.locator('.block').innerText()).toContain('official, limit message');
  expect(await page.getByTestId('runs-out').count()).toBe(0);
});

test('what has no price is unpriced, on both pages', async () => {
  const { page } = await open({ scenario: 'unpriced' });
  expect(await page.getByTestId('today-cost').textContent()).toBe('$9.82, API-equivalent');
  expect(await page.locator('.today').getByTestId('unpriced').innerText()).toMatch(/^unpriced: 12k tokens$/i);
  expect(await page.getByTestId('burn-cost').innerText()).toBe('cost unpriced');
  await openFirst(page);
  const costs = await page.getByTestId('session-cost').allInnerTexts();
  expect(costs[0]).toBe('unpriced');
  expect(costs[1]).toMatch(/^\$[\d.]+, part unpriced/);
  expect(await page.getByTestId('unpriced').innerText()).toMatch(/^unpriced: 2\.08m tokens$/i);
});

test('under-logged output is marked, on both pages', async () => {
  const { page } = await open({ scenario: 'underLogged' });
  expect(await page.getByTestId('under-logged').innerText()).toBe('Output under-logged by Claude Code in 1,204 messages; it is at least this');
  await openFirst(page);
  expect(await page.locator('.detail').getByTestId('under-logged').innerText()).toBe('Output under-logged by Claude Code in 3 messages; it is at least this');
  expect(await page.getByTestId('session-row').first().locator('.line-total').textContent()).toContain('output under-logged by Claude Code');
});

test('an opened session tells its branch, its name’s source, its models, its subagents and what is not in the logs', async () => {
  const { page } = await open();
  await openFirst(page);
  const detail = await page.locator('.detail').innerText();
  for (const words of ['for an hour', 'main', 'Name from', 'you, here', 'opus-4-5', 'Explore', 'Workflow review, 4 runs']) expect(detail).toContain(words);
  expect(await page.getByTestId('detail-cost').innerText()).toBe('$2.34 API-equivalent');
  expect(await page.getByTestId('not-in-logs').textContent()).toMatch(/^13\.4k tokens, not in the logs, at least \$0\.68 API-equivalent$/i);
  expect(await page.getByTestId('run').count()).toBe(7);
  expect(await page.locator('.of-workflow').getByTestId('run').count()).toBe(4);
});
