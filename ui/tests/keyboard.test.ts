// Everything there is to do, done without a pointer. What has the focus is asked of the browser, never assumed.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { hostCalls, withBrowser } from './browser';

const open = withBrowser();

/** The focused control as a screen reader would call it. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const active = document.activeElement;
    return active?.getAttribute('data-testid') ?? active?.getAttribute('data-control') ?? active?.getAttribute('data-value') ?? active?.id ?? '';
  });

const focusedRow = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest('[data-session-id]')?.getAttribute('aria-posinset') ?? null);

async function toSessions(page: Page): Promise<void> {
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  await page.getByTestId('session-row').first().waitFor();
}

/** From the tabs past the panel and the search field to the list's one place in the tab order. */
async function toList(page: Page): Promise<void> {
  await toSessions(page);
  for (const expected of ['panel-sessions', 'search', 'hidden-too', 'recent', 'open']) {
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe(expected);
  }
}

test('arrow keys move between the tabs, and only the chosen one is in the tab order', async () => {
  const { page } = await open();
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('tab-now');
  await page.keyboard.press('ArrowRight');
  expect(await focused(page)).toBe('tab-sessions');
  expect(await page.locator('[role=tab][tabindex="0"]').count()).toBe(1);
  expect(await page.locator('[role=tab][aria-selected=true]').getAttribute('id')).toBe('tab-sessions');
  await page.keyboard.press('End');
  expect(await focused(page)).toBe('tab-settings');
  await page.keyboard.press('ArrowRight');
  expect(await focused(page), 'round to the first').toBe('tab-now');
});

test('a row opens in place with Enter and closes again', async () => {
  const { page } = await open();
  await toList(page);
  await page.keyboard.press('ArrowDown');
  expect(await focusedRow(page)).toBe('2');
  await page.keyboard.press('Enter');
  const row = page.locator('[aria-posinset="2"]');
  expect(await row.locator('[data-control=open]').getAttribute('aria-expanded')).toBe('true');
  const detail = await row.innerText();
  for (const words of ['Input', 'Output', 'Cache write', 'Cache read', '%', 'Models', 'First activity']) expect(detail).toContain(words);
  await page.keyboard.press('Space');
  expect(await row.locator('.detail').count()).toBe(0);
});

test('the end of ten thousand rows is one key away, and so is the way back', async () => {
  const { page } = await open({ scenario: 'many' });
  await toList(page);
  await page.keyboard.press('End');
  await page.waitForFunction(() => document.activeElement?.closest('[aria-posinset="10000"]'));
  await page.keyboard.press('ArrowUp');
  expect(await focusedRow(page)).toBe('9999');
  await page.keyboard.press('Home');
  await page.waitForFunction(() => document.activeElement?.closest('[aria-posinset="1"]'));
});

test('a session is renamed, refused, renamed again, and the pencil has the focus back', async () => {
  const { page } = await open();
  await toList(page);
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('rename-button');
  await page.keyboard.press('Enter');
  expect(await focused(page)).toBe('rename-input');
  expect(await page.getByLabel('Session name').count()).toBe(1);

  await page.keyboard.type('Release Notes 4.2');
  await page.keyboard.press('Enter');
  const refusal = page.getByRole('alert');
  await refusal.waitFor();
  expect(await refusal.getAttribute('data-testid')).toBe('rename-error');
  expect(await refusal.innerText()).toContain('Another session has this name.');
  expect(await page.getByTestId('rename-input').inputValue(), 'what was typed is kept').toBe('Release Notes 4.2');
  expect(await focused(page)).toBe('rename-input');

  await page.keyboard.press('End');
  await page.keyboard.type(' draft');
  await page.keyboard.press('Enter');
  await page.getByTestId('rename-input').waitFor({ state: 'detached' });
  expect(await focused(page)).toBe('rename-button');
  expect(await page.getByTestId('session-row').first().getByTestId('session-name').textContent()).toBe('Release Notes 4.2 draft');
});

test('Escape leaves a form first and the popover second', async () => {
  const { page } = await open();
  await toList(page);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.type('not this');
  await page.keyboard.press('Escape');
  expect(await focused(page)).toBe('rename-button');
  expect(await hostCalls(page)).not.toContain('dismiss');
  expect(await page.getByTestId('session-name').first().textContent()).toBe('fix login flow');
  await page.keyboard.press('Escape');
  expect(await hostCalls(page)).toContain('dismiss');
});

test('a name is not lost while figures move', async () => {
  const { page } = await open({ beat: 50 });
  await toList(page);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.type('slowly typed', { delay: 220 });
  expect(await page.getByTestId('rename-input').inputValue()).toBe('slowly typed');
});

test('focus is seen', async () => {
  const { page } = await open();
  await toList(page);
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineWidth);
  expect(outline).toBe('2px');
});
