// User metadata of sessions, search and order, all with the keyboard.
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { hostileTexts } from '../src/host/fixtures/scenarios';
import { hostCalls, withBrowser } from './browser';
import { expectFitsAndAccessible, focusedControl } from './layout-checks';

const open = withBrowser();

async function atSessions(options: Parameters<typeof open>[0] = {}): Promise<{ page: Page }> {
  const opened = await open({ tab: 'sessions', ...options });
  await opened.page.getByTestId('session-row').first().waitFor();
  return opened;
}

const row = (page: Page, place: number) => page.locator(`[aria-posinset="${place}"]`);
const nameAt = (page: Page, place: number) => row(page, place).getByTestId('session-name').textContent();
const described = async (page: Page) =>
  (await hostCalls(page)).filter((call) => call.startsWith('updateSession')).map((call) => JSON.parse(call.replace(/^\S+ \S+ /, '')) as unknown);

const pane = (page: Page) => page.getByTestId('session-pane');

/** Shows the details of a row in place of the list. */
async function openRow(page: Page, place: number): Promise<void> {
  await row(page, place).locator('[data-control=open]').press('Enter');
  await pane(page).getByTestId('timeline').waitFor();
}

describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
  test('list, details, refused form and undo bar fit and are accessible', { timeout: 90_000 }, async () => {
    const { page } = await atSessions({ scenario: 'unseen', colorScheme });
    await expectFitsAndAccessible(page, 'the list');
    await openRow(page, 1);
    await pane(page).getByTestId('mute').press('Enter');
    await page.getByTestId('undo').waitFor();
    await expectFitsAndAccessible(page, 'the details, with the undo bar');
    await pane(page).getByTestId('rename-button').press('Enter');
    await page.getByTestId('tags-input').fill('x'.repeat(60));
    await page.keyboard.press('Enter');
    await page.getByTestId('tags-error').waitFor();
    await expectFitsAndAccessible(page, 'a refused tag');
  });
});

test('older and hidden sessions are named at the end of the list, and listed on request', async () => {
  const { page } = await atSessions({ scenario: 'older' });
  const end = page.locator('.session-list__older');
  await end.getByText('365 more, older than 30 days; 1 hidden').waitFor();
  await expect.poll(() => page.getByTestId('session-count').innerText()).toContain('2 sessions');
  await expectFitsAndAccessible(page, 'the end of the list');
  await end.getByRole('button', { name: 'Show' }).press('Enter');
  await page.getByText('368 sessions').waitFor();
  await page.getByTestId('search').fill('invoices');
  await page.getByText('sessions match').waitFor();
  expect(await end.count(), 'a search finds older sessions as well').toBe(0);
});

test('each group has one heading with its number and sums', async () => {
  const { page } = await atSessions({ scenario: 'agents' });
  const headings = page.getByTestId('session-group');
  await headings.first().waitFor();
  expect(await headings.locator('h2').allInnerTexts()).toEqual(['Working now', 'Today', 'Earlier']);
  await expect.poll(() => headings.first().innerText()).toMatch(/^Working now\s+3 · [\d.]+M · \$[\d.]+/);
  const states = page.getByTestId('session-row').locator('.agent-shape');
  expect(await states.evaluateAll((shapes) => shapes.map((shape) => shape.getAttribute('aria-label')))).toEqual(['waits for you', 'busy', 'busy', 'idle', 'idle']);
});

test('a running session shows its context, its cache and its pull requests', async () => {
  const { page } = await atSessions({ scenario: 'agents' });
  await openRow(page, 1);
  await expect.poll(() => page.getByTestId('session-state').innerText()).toBe('waits for you');
  const context = page.getByTestId('session-context');
  for (const words of ['permission prompt for Bash', '124k of 200k', 'A cold prompt writes 124k again, $0.78', '94% cached']) {
    await context.getByText(words, { exact: false }).first().waitFor();
  }
  const requests = page.getByTestId('pull-requests').getByRole('listitem');
  expect(await requests.count(), 'an address that is not of the web is left out').toBe(2);
  await expect.poll(() => requests.first().innerText()).toContain('#412 ada/web-app');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await requests.first().getByRole('button').press('Enter');
  await page.waitForFunction(async () => (await navigator.clipboard.readText()) === 'https://github.com/ada/web-app/pull/412');
  await expectFitsAndAccessible(page, 'a running session');
});

test('name, tags and description are saved and undone together', async () => {
  const { page } = await atSessions();
  await openRow(page, 2);
  await pane(page).getByTestId('rename-button').press('Enter');
  expect(await focusedControl(page)).toBe('rename-input');
  await page.keyboard.type('ledger in cents');
  await page.keyboard.press('Tab');
  await page.keyboard.type('money, , review');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Why cents.');
  await page.keyboard.press('Enter');
  await page.keyboard.type('And why not floats.');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Renamed.').waitFor();
  expect(await focusedControl(page), 'the focus is back on the pencil').toBe('rename-button');
  expect(await nameAt(page, 2)).toBe('ledger in cents');
  await pane(page).getByTestId('description').waitFor();
  await expect.poll(() => pane(page).getByTestId('description').innerText()).toBe('Why cents.\nAnd why not floats.');
  await expect.poll(() => pane(page).getByTestId('tags').innerText()).toMatch(/money\s+review/);
  await page.getByTestId('undo').press('Enter');
  await page.getByText('Change undone.').waitFor();
  await pane(page).getByTestId('description').waitFor({ state: 'detached' });
  expect(await described(page)).toEqual([
    { name: 'ledger in cents', tags: ['money', 'review'], description: 'Why cents.\nAnd why not floats.' },
    { name: '', tags: [], description: '' },
  ]);
});

test('pinning moves a session to the top, keeps the focus, and Ctrl+Z undoes it', async () => {
  const { page } = await atSessions();
  await openRow(page, 5);
  const name = await nameAt(page, 5);
  await pane(page).getByTestId('pin').press('Enter');
  await page.waitForFunction((expected) => document.querySelector('[aria-posinset="1"] [data-testid=session-name]')?.textContent === expected, name);
  expect(await focusedControl(page)).toBe('pin');
  expect(await pane(page).getByTestId('pin').getAttribute('aria-label')).toBe('Unpin');
  await page.keyboard.press('Control+z');
  await page.waitForFunction((expected) => document.querySelector('[aria-posinset="5"] [data-testid=session-name]')?.textContent === expected, name);
  expect(await described(page)).toEqual([{ isPinned: true }, { isPinned: false }]);
});

test('a hidden session leaves the list, can be shown, and is restored by undo', async () => {
  const { page } = await atSessions();
  await openRow(page, 3);
  const name = await nameAt(page, 3);
  await pane(page).getByTestId('hide').press('Enter');
  await page.getByText('136 sessions').waitFor();
  expect(await nameAt(page, 3)).not.toBe(name);
  expect(await page.evaluate(() => document.activeElement?.closest('.session-list') !== null), 'the focus stays in the list').toBe(true);
  await page.getByTestId('show-hidden').press('Space');
  await page.getByText('137 sessions').waitFor();
  await expect.poll(() => row(page, 3).innerText()).toContain('hidden');
  await page.getByTestId('undo').press('Enter');
  await page.getByText('Change undone.').waitFor();
  expect(await described(page)).toEqual([{ isHidden: true }, { isHidden: false }]);
});

test('the sort order is chosen with arrow keys', async () => {
  const { page } = await atSessions();
  await page.locator('[data-testid=sort] [data-value=recent]').focus();
  await page.keyboard.press('ArrowLeft');
  expect(await focusedControl(page)).toBe('name');
  await page.waitForFunction(() => document.querySelector('[aria-posinset="3"] [data-testid=session-name]')?.textContent?.startsWith('Explain the retry'));
  expect(await hostCalls(page)).toContain('sessions 0 by name');
});

test('/ focuses the search; Escape closes the form, clears the search, then closes the popover', async () => {
  const { page } = await atSessions();
  await page.keyboard.press('/');
  expect(await focusedControl(page)).toBe('search');
  await page.keyboard.type('login flow');
  await page.getByText('18 sessions match').waitFor();
  await row(page, 1).getByTestId('rename-button').press('Enter');
  await page.keyboard.press('Escape');
  expect(await page.getByTestId('rename-input').count()).toBe(0);
  expect(await page.getByTestId('search').inputValue()).toBe('login flow');
  await page.keyboard.press('Escape');
  await page.getByText('137 sessions').waitFor();
  expect(await hostCalls(page)).not.toContain('dismiss');
  await page.keyboard.press('Escape');
  expect(await hostCalls(page)).toContain('dismiss');
});

test('a route opens its session, even among ten thousand', async () => {
  const { page } = await atSessions({ scenario: 'many' });
  const far = '5e551f40-0000-4000-8000-000000008000';
  await page.evaluate((sessionId) => window.fixture?.openRoute({ page: 'session', sessionId }), far);
  await pane(page).getByText(far, { exact: true }).waitFor();
  expect(await page.getByTestId('session-count').textContent()).toBe('1 session matches');
  const near = '5e550040-0000-4000-8000-000000000064';
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.getByText('10,000 sessions').waitFor();
  await page.evaluate((sessionId) => window.fixture?.openRoute({ page: 'session', sessionId }), near);
  await pane(page).getByText(near, { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await page.waitForFunction((id) => document.activeElement?.closest(`[data-session-id="${id}"]`), near);
});

test('arrow keys select timeline bars between both ends', async () => {
  const { page } = await atSessions();
  await openRow(page, 1);
  const picture = page.getByRole('listbox', { name: 'Timeline' });
  await picture.focus();
  const spoken = () => picture.getByRole('option').getAttribute('aria-label');
  await page.keyboard.press('Home');
  const first = await spoken();
  expect(first).toMatch(/^\d+:\d+–\d+:\d+, [\d,]+ tokens, measured$/);
  expect(await picture.getAttribute('aria-activedescendant')).toBe(await picture.getByRole('option').getAttribute('id'));
  expect(await page.getByTestId('timeline-figures').textContent()).toMatch(/tokens, measured.*API-equivalent/);
  await page.keyboard.press('ArrowLeft');
  expect(await spoken(), 'nothing before the first').toBe(first);
  await page.keyboard.press('ArrowRight');
  expect(await spoken()).not.toBe(first);
});

test('a deleted session is searched for once, and the search can be changed', async () => {
  const { page } = await atSessions();
  await page.evaluate(() => window.fixture?.openRoute({ page: 'session', sessionId: 'gone' }));
  await page.getByText('No session matches.').waitFor();
  await page.getByTestId('search').fill('login flow');
  await page.getByText('18 sessions match').waitFor();
  await page.getByTestId('search').focus();
  await page.keyboard.press('Escape');
  await page.getByText('137 sessions').waitFor();
  expect(await page.getByText('Older and hidden sessions are listed').count()).toBe(0);
  expect((await hostCalls(page)).filter((call) => call.endsWith('gone'))).toHaveLength(1);
});

test('a refused tag is shown at the tags field even if the name changed too', async () => {
  const { page } = await atSessions();
  await row(page, 1).getByTestId('rename-button').press('Enter');
  await page.getByTestId('rename-input').fill('a good name');
  await page.getByTestId('tags-input').fill('x'.repeat(60));
  await page.keyboard.press('Enter');
  await page.getByTestId('tags-error').waitFor();
  expect(await focusedControl(page)).toBe('tags-input');
  expect(await page.getByTestId('rename-input').getAttribute('aria-invalid')).toBe('false');
});

test('an unavailable description is read-only until a retry succeeds', async () => {
  const { page } = await atSessions();
  await page.evaluate(() => window.fixture?.setConnected(false));
  await row(page, 1).getByTestId('rename-button').press('Enter');
  const unread = page.getByTestId('description-unread');
  await expect.poll(() => unread.innerText()).toContain('Could not read the description');
  expect(await page.getByTestId('description-input').getAttribute('readonly')).not.toBeNull();
  await page.getByTestId('tags-input').fill('late');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByTestId('edit-error').innerText(), { message: 'the refusal belongs to no field' }).toContain('not running');
  await page.evaluate(() => window.fixture?.setConnected(true));
  await unread.getByRole('button').press('Enter');
  await unread.waitFor({ state: 'detached' });
  expect(await page.getByTestId('description-input').getAttribute('readonly')).toBeNull();
});

test('the status region of the undo bar exists before its message', async () => {
  const { page } = await atSessions();
  const line = page.getByTestId('undo-bar').getByRole('status');
  expect(await line.count()).toBe(1);
  expect(await line.evaluate((status) => getComputedStyle(status.parentElement ?? status).display)).not.toBe('none');
});

test('hostile names, tags and descriptions stay text, even in the form', { timeout: 90_000 }, async () => {
  const { page } = await atSessions({ scenario: 'hostile' });
  await openRow(page, 1);
  await expect.poll(() => pane(page).getByTestId('description').innerText()).toBe(hostileTexts[0]);
  await pane(page).getByTestId('rename-button').press('Enter');
  expect(await page.getByTestId('tags-input').inputValue()).toBe(`${hostileTexts[0]}, plain`);
  await page.keyboard.press('Escape');
  await page.getByTestId('back').press('Enter');
  await openRow(page, 6);
  await expectFitsAndAccessible(page, 'ten thousand characters');
  expect(await page.locator('img, script:not([src]), iframe').count()).toBe(0);
});

test('the resume command is copied, and is offered only for an ID in the form of a UUID', async () => {
  const { page } = await atSessions();
  await openRow(page, 1);
  await page.getByTestId('copy-resume').press('Enter');
  await page.getByText('Copied').waitFor();
  expect(await hostCalls(page)).toContain('copyText claude --resume 5e550000-0000-4000-8000-000000000000');
  const { page: hostile } = await atSessions({ scenario: 'hostile' });
  await openRow(hostile, 9);
  expect(await hostile.getByTestId('copy-resume').count()).toBe(0);
});

test('a wide window shows list and details side by side', { timeout: 60_000 }, async () => {
  const { page } = await atSessions({ viewport: { width: 1000, height: 700 } });
  await pane(page).getByTestId('timeline').waitFor();
  expect(await row(page, 1).locator('[data-control=open]').getAttribute('aria-expanded'), 'the first session is shown').toBe('true');
  await row(page, 3).locator('[data-control=open]').press('Enter');
  await pane(page).getByText('why is the build slow').waitFor();
  expect(await row(page, 3).isVisible()).toBe(true);
  expect(await page.getByTestId('back').count()).toBe(0);
  await expectFitsAndAccessible(page, 'wide', [1_000]);
});
