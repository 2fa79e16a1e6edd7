// Every figure has a provenance label, in every scenario and on every page. Checked is what a screen reader would read.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { scenarios } from '../src/host/fixtures/scenarios';
import { withBrowser } from './browser';

const open = withBrowser();
const situations = Object.keys(scenarios).filter((name) => !['many', 'disconnected', 'firstScan'].includes(name));

const LABEL = /official|measured|estimated|API-equivalent|unpriced|under-logged|not in the logs/;

interface Walk {
  /** The text a screen reader reads for each figure. */
  figures: string[];
  /** Texts with digits that are not part of a figure. */
  strays: string[];
}

/** Returns the figures of the page. Times, texts from logs, row counts, step numbers and the example of a status line are not figures; every other text with a digit must be. */
function walk(page: Page): Promise<Walk> {
  return page.evaluate(() => {
    const panel = document.querySelector('[role=tabpanel]:not([hidden])') ?? document.body;
    const spokenText = (node: Node): string => {
      if (!(node instanceof Element)) return node.textContent ?? '';
      if (node.getAttribute('aria-hidden') === 'true') return '';
      if (['img', 'option'].includes(node.getAttribute('role') ?? '')) return node.getAttribute('aria-label') ?? '';
      return [...node.childNodes].map(spokenText).join('');
    };
    const texts: Text[] = [];
    const walker = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) texts.push(walker.currentNode as Text);
    const stray = (node: Text) => /\d/.test(node.data) && !node.parentElement?.closest('[data-figure], time, bdi, [role=status], .first-steps__number, .status-line-preview__line');
    return {
      figures: [...panel.querySelectorAll('[data-figure]')].map((figure) => spokenText(figure).trim()),
      strays: texts.filter(stray).map((node) => `${node.parentElement?.className}: ${node.data}`),
    };
  });
}

async function expectLabeled(page: Page, least: number): Promise<void> {
  const { figures, strays } = await walk(page);
  expect(strays).toEqual([]);
  expect(figures.filter((figure) => !LABEL.test(figure))).toEqual([]);
  expect(figures.filter((figure) => /\$\d/.test(figure) && !figure.includes('API-equivalent'))).toEqual([]);
  expect(figures.length).toBeGreaterThanOrEqual(least);
}

async function openFirst(page: Page): Promise<void> {
  await page.click('#tab-sessions');
  await page.locator('[data-control=open]').first().click();
  await page.getByTestId('models').waitFor();
}

test.each(situations)('%s: every figure has a provenance label', async (scenario) => {
  const { page } = await open({ scenario });
  const figures = scenario === 'empty' ? 0 : 10;
  await expectLabeled(page, figures);
  if (figures > 0) {
    await openFirst(page);
    await expectLabeled(page, 25);
    await expectHistoryLabeled(page);
  }
});

/** Checks the Blocks and History pages, in tokens and in dollars, with a focused column. */
async function expectHistoryLabeled(page: Page): Promise<void> {
  const loaded = '[data-testid=block-row], [data-testid=heatmap], [data-testid=empty-note], [data-testid=load-error]';
  for (const tab of ['blocks', 'history']) {
    await page.click(`#tab-${tab}`);
    await page.locator(loaded).first().waitFor();
    const least = (await page.locator('.column-chart__column').count()) > 0 ? 30 : 0;
    await expectLabeled(page, least);
    if (least === 0) continue;
    await page.locator('.column-chart__column[tabindex="0"]').focus();
    await page.keyboard.press('ArrowLeft');
    await expectLabeled(page, least);
  }
  if ((await page.getByTestId('choose-measure').count()) === 0) return;
  await page.locator('[data-value=cost]').click();
  await expectLabeled(page, 0);
}

/** Visually hidden text is on a line of its own in `innerText`. */
const inOneLine = (shown: string) => shown.replace(/\s*\n,\s*/g, ', ').replace(/\s*\n\s*/g, ' ');

async function now(scenario: string): Promise<(testid: string) => Promise<string>> {
  const { page } = await open({ scenario });
  return async (testid) => (await page.getByTestId(testid).allInnerTexts()).map(inOneLine).join('\n');
}

test('official windows are labeled, and the binding one is marked', async () => {
  const shownText = await now('official');
  expect(await shownText('block-use')).toMatch(/^38%, official used/);
  expect(await shownText('elsewhere')).toBe('~12% used elsewhere, estimated');
  expect(await shownText('pace')).toBe('~71–84% by then, estimated');
  expect(await shownText('window')).toMatch(/Week 61%, calm, official\s+resets Thu.* 08:50 · ~67–85%, estimated/);
  expect(await shownText('window')).toMatch(/Week \(Opus\) 78%, busy, official stops first/);
  expect(await shownText('binding'), 'only one').toBe('stops first');
  expect(await shownText('window-pace')).toContain('may run out ~Tue');
});

test('outdated figures show their age', async () => {
  const shownText = await now('stale');
  expect(await shownText('block-use')).toContain('38%, official, 25m ago');
  expect(await shownText('window')).toContain('official, 3h ago');
});

test('a comparison shows its basis, and the cost limit', async () => {
  const shownText = await now('estimated');
  expect(await shownText('block-use')).toMatch(/^76%, estimated of your largest block/);
  expect(await shownText('runs-out')).toBe('');
  expect(await shownText('cost-limit')).toBe('Cost: 41% of $10.00, API-equivalent, measured');
  expect(await shownText('week')).toMatch(/Last seven days\s+30\.8m, measured · \$71\.72, API-equivalent/i);
});

test('without any comparison, chart and forecast are in tokens', async () => {
  const { page } = await open({ scenario: 'unlimited' });
  expect(await page.getByTestId('burn-up').getAttribute('aria-label')).toMatch(/^The block so far: 1\.84m tokens, measured; 3\.44m–4\.07m tokens expected at its end, estimated$/i);
  expect(await page.getByTestId('block-use').count()).toBe(0);
});

test('an exceeded comparison has a word, and no time when it runs out', async () => {
  const { page } = await open({ scenario: 'over' });
  expect(inOneLine(await page.getByTestId('block-use').innerText())).toBe('104%, estimated of your usual maximum, over, estimated');
  await expect.poll(() => page.locator('.current-block').innerText()).toContain('official, limit message');
  expect(await page.getByTestId('runs-out').count()).toBe(0);
});

test('the foot explains the signs once, and API-equivalent is shown nowhere else', async () => {
  for (const tab of ['now', 'sessions', 'blocks', 'history']) {
    const { page } = await open({ scenario: 'official', tab });
    await expect.poll(() => page.getByTestId('foot').innerText(), { message: tab }).toMatch(/from Claude\s+~ estimate\s+\$ API-equivalent/);
    const visible = await page.evaluate(() => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const texts: string[] = [];
      while (walker.nextNode()) if (!walker.currentNode.parentElement?.closest('.visually-hidden')) texts.push(walker.currentNode.textContent ?? '');
      return texts.filter((one) => one.includes('API-equivalent')).length;
    });
    expect(visible, tab).toBe(1);
  }
});

test('unpriced tokens are marked on both pages', async () => {
  const { page } = await open({ scenario: 'unpriced' });
  expect(await page.getByTestId('today-cost').textContent()).toBe('$9.82, API-equivalent');
  await expect.poll(() => page.locator('.today').getByTestId('unpriced').innerText()).toMatch(/^unpriced: 12k tokens$/i);
  await expect.poll(() => page.getByTestId('burn-cost').innerText()).toBe('cost unpriced');
  await openFirst(page);
  const costs = await page.getByTestId('session-cost').allTextContents();
  expect(costs[0]).toBe('unpriced');
  expect(costs[1]).toMatch(/^\$[\d.]+, part unpriced/);
  await expect.poll(() => page.getByTestId('unpriced').innerText()).toMatch(/^unpriced: 2\.08m tokens$/i);
});

test('under-logged output is marked on both pages', async () => {
  const { page } = await open({ scenario: 'underLogged' });
  await expect.poll(() => page.getByTestId('under-logged').innerText()).toBe('Output under-logged by Claude Code in 1,204 messages; the figure is a lower bound');
  await openFirst(page);
  await expect.poll(() => page.locator('.session-detail').getByTestId('under-logged').innerText()).toBe('Output under-logged by Claude Code in 3 messages; the figure is a lower bound');
  expect(await page.getByTestId('session-row').first().locator('.list-item__total').textContent()).toContain('output under-logged by Claude Code');
});

test('an expanded session shows its facts, models, subagents and usage not in the logs', async () => {
  const { page } = await open();
  await openFirst(page);
  const detail = await page.locator('.session-detail').innerText();
  for (const expected of ['one hour', 'main', 'Name from', 'you, in Token Monitor', 'Opus 4.5', 'Explore', 'Workflow review, 4 runs']) expect(detail).toContain(expected);
  expect(await page.getByTestId('detail-cost').textContent()).toBe('$2.34, API-equivalent');
  expect(await page.getByTestId('not-in-logs').textContent()).toMatch(/^13\.4k tokens, not in the logs, at least \$0\.68, API-equivalent$/i);
  expect(await page.getByTestId('run').count()).toBe(7);
  expect(await page.locator('.usage-list__workflow-runs').getByTestId('run').count()).toBe(4);
});
