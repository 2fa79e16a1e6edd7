// Everything that can be done without a pointer.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { groups } from '../src/pages/settings/setting-groups';
import { hostCalls, withBrowser } from './browser';
import { focusedControl } from './layout-checks';

const open = withBrowser();

const focusedRow = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest('[data-session-id]')?.getAttribute('aria-posinset') ?? null);

async function toSessions(page: Page): Promise<void> {
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  await page.getByTestId('session-row').first().waitFor();
}

/** Moves from the tabs past the menu, the panel and the toolbar to the tab stop of the list. */
async function toList(page: Page): Promise<void> {
  await toSessions(page);
  for (const expected of ['more-menu', 'panel-sessions', 'search', 'recent', 'open']) {
    await page.keyboard.press('Tab');
    expect(await focusedControl(page)).toBe(expected);
  }
}

test('arrow keys move between tabs, and only the chosen one is a tab stop', async () => {
  const { page } = await open();
  await page.keyboard.press('Tab');
  expect(await focusedControl(page)).toBe('tab-now');
  await page.keyboard.press('ArrowRight');
  expect(await focusedControl(page)).toBe('tab-sessions');
  expect(await page.locator('[role=tab][tabindex="0"]').count()).toBe(1);
  expect(await page.locator('[role=tab][aria-selected=true]').getAttribute('id')).toBe('tab-sessions');
  await page.keyboard.press('End');
  expect(await focusedControl(page)).toBe('tab-settings');
  await page.keyboard.press('ArrowRight');
  expect(await focusedControl(page), 'wraps to the first').toBe('tab-now');
});

test('Enter shows the details of a row, and Escape the list with the focus on it', async () => {
  const { page } = await open();
  await toList(page);
  await page.keyboard.press('ArrowDown');
  expect(await focusedRow(page)).toBe('2');
  await page.keyboard.press('Enter');
  const detail = page.getByTestId('session-detail');
  await detail.getByTestId('models').waitFor();
  expect(await focusedControl(page)).toBe('back');
  const shown = await detail.innerText();
  for (const expected of ['Input', 'Output', 'Cache write', 'Cache read', '%', 'Models', 'First activity']) expect(shown).toContain(expected);
  await page.keyboard.press('Escape');
  await detail.waitFor({ state: 'detached' });
  expect(await focusedRow(page)).toBe('2');
  expect(await hostCalls(page)).not.toContain('dismiss');
});

test('End and Home reach both ends of ten thousand rows', async () => {
  const { page } = await open({ scenario: 'many' });
  await toList(page);
  await page.keyboard.press('End');
  await page.waitForFunction(() => document.activeElement?.closest('[aria-posinset="10000"]'));
  await page.keyboard.press('ArrowUp');
  expect(await focusedRow(page)).toBe('9999');
  await page.keyboard.press('Home');
  await page.waitForFunction(() => document.activeElement?.closest('[aria-posinset="1"]'));
});

test('renaming is refused, corrected and saved, and the focus returns to the pencil', async () => {
  const { page } = await open();
  await toList(page);
  await page.keyboard.press('Tab');
  expect(await focusedControl(page)).toBe('rename-button');
  await page.keyboard.press('Enter');
  expect(await focusedControl(page)).toBe('rename-input');
  expect(await page.getByLabel('Session name').count()).toBe(1);

  await page.keyboard.type('Release Notes 4.2');
  await page.keyboard.press('Enter');
  const refusal = page.getByRole('alert');
  await refusal.waitFor();
  expect(await refusal.getAttribute('data-testid')).toBe('rename-error');
  await expect.poll(() => refusal.innerText()).toContain('Another session has this name.');
  expect(await page.getByTestId('rename-input').inputValue(), 'the typed text is kept').toBe('Release Notes 4.2');
  expect(await focusedControl(page)).toBe('rename-input');

  await page.keyboard.press('End');
  await page.keyboard.type(' draft');
  await page.keyboard.press('Enter');
  await page.getByTestId('rename-input').waitFor({ state: 'detached' });
  expect(await focusedControl(page)).toBe('rename-button');
  expect(await page.getByTestId('session-row').first().getByTestId('session-name').textContent()).toBe('Release Notes 4.2 draft');
});

test('Escape closes a form first and the popover second', async () => {
  const { page } = await open();
  await toList(page);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.type('not this');
  await page.keyboard.press('Escape');
  expect(await focusedControl(page)).toBe('rename-button');
  expect(await hostCalls(page)).not.toContain('dismiss');
  expect(await page.getByTestId('session-name').first().textContent()).toBe('fix login flow');
  await page.keyboard.press('Escape');
  expect(await hostCalls(page)).toContain('dismiss');
});

test('a typed name survives new snapshots', async () => {
  const { page } = await open({ beat: 50 });
  await toList(page);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.type('slowly typed', { delay: 220 });
  expect(await page.getByTestId('rename-input').inputValue()).toBe('slowly typed');
});

/** Opens a page with all its controls: a session and all settings groups are expanded. */
async function opened(tab: string): Promise<Page> {
  const { page } = await open({ scenario: 'unseen' });
  await page.click(`#tab-${tab}`);
  if (tab === 'sessions') await page.locator('[data-control=open]').first().press('Enter');
  if (tab === 'settings') for (const group of groups) await page.getByTestId(`group-${group}`).locator('.setting-group__header').press('Enter');
  const loadedBy: Record<string, string> = { sessions: 'timeline', blocks: 'block-row', history: 'heatmap', alerts: 'alert', settings: 'statusline', now: 'sparkline' };
  await page.getByTestId(loadedBy[tab] ?? '').first().waitFor();
  return page;
}

interface Stop {
  what: string;
  /** True if the focus is visible: an outline, or the frame of a chart item. */
  seen: boolean;
}

/** Returns the focused element, marked as reached; null if there is none or it was reached before. */
function stop(page: Page): Promise<Stop | null> {
  return page.evaluate(() => {
    const active = document.activeElement;
    if (active === null || active === document.body || active.hasAttribute('data-reached')) return null;
    active.setAttribute('data-reached', '');
    const style = getComputedStyle(active);
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    const frame = active.querySelector(':scope > :is(.chart-point__target, .chart-point__target)');
    const framed = frame !== null && getComputedStyle(frame).stroke !== 'none' && parseFloat(getComputedStyle(frame).strokeWidth) >= 2;
    const what = `${active.tagName.toLowerCase()} ${active.getAttribute('data-testid') ?? active.getAttribute('aria-label') ?? active.textContent}`;
    return { what, seen: outlined || framed };
  });
}

/** Returns the tab stops that were not reached. */
function left(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement | SVGElement>('button, input, textarea, [tabindex]')]
      .filter((element) => element.tabIndex >= 0 && element.checkVisibility({ visibilityProperty: true }) && !element.hasAttribute('data-reached'))
      .map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''} “${(element.textContent ?? '').slice(0, 40)}”`),
  );
}

test.each(['now', 'sessions', 'blocks', 'history', 'alerts', 'settings'])('Tab reaches every control of %s with a visible focus', async (tab) => {
  const page = await opened(tab);
  // A key press makes the focus visible, unlike a click.
  await page.locator(`#tab-${tab}`).focus();
  await page.keyboard.press('Shift');
  const stops: Stop[] = [];
  for (let next = await stop(page); next !== null; next = await stop(page)) {
    stops.push(next);
    await page.keyboard.press('Tab');
  }
  expect(stops.length).toBeGreaterThan(2);
  expect(stops.filter(({ seen }) => !seen).map(({ what }) => what)).toEqual([]);
  expect(await left(page)).toEqual([]);
});

test('a setting is changed with Tab and arrow keys, and only the final value is saved', async () => {
  const { page } = await open({ tab: 'settings' });
  await page.getByTestId('group-appearance').waitFor();
  await page.keyboard.press('Tab');
  for (const expected of ['more-menu', 'panel-settings', 'setting-search', 'statusline', 'autostart']) {
    await page.keyboard.press('Tab');
    expect(await focusedControl(page)).toBe(expected);
  }
  for (const expected of ['tokens', 'cost', 'block', 'left', 'burn', 'figure', 'auto']) {
    await page.keyboard.press('Tab');
    expect(await focusedControl(page)).toBe(expected);
  }
  // Faster than any host responds: all three changes are pending at once.
  await page.evaluate(() => {
    for (let press = 0; press < 3; press += 1) document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, cancelable: true }));
  });
  expect(await focusedControl(page)).toBe('contrast');
  await page.locator('[data-key="display.theme"] [data-value=contrast][aria-checked=true]').waitFor();
  expect((await hostCalls(page)).filter((call) => call.startsWith('changeSetting'))).toEqual(['changeSetting display.theme "contrast"']);
});

test('keys of an input method composition are ignored', async () => {
  const { page } = await open();
  await page.evaluate(() => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', isComposing: true, bubbles: true })));
  expect(await hostCalls(page)).not.toContain('dismiss');
  await page.keyboard.press('Escape');
  expect(await hostCalls(page)).toContain('dismiss');
});
