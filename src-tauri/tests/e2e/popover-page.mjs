// Operations on the popover's page, and data to show on it.

import { createData } from './monitor.mjs';
import { desktop } from './harness.mjs';
import { waitFor } from './wait.mjs';

/** Creates data with `count` sessions, and returns it with their ids. */
export function createSessions(count) {
  const data = createData(desktop);
  const sessions = Array.from({ length: count }, (_, index) => data.claude.session({ project: `/home/ada/projects/p${index}` }));
  for (const session of sessions) session.answer();
  return { data, ids: sessions.map(({ id }) => id) };
}

/** Opens the popover with a driver on the page *Sessions*. */
export async function openSessions(monitor) {
  const page = await monitor.openWithDriver();
  await openTab(page, 'sessions');
  await page.waitForTestId('session-row');
  return page;
}

export async function openTab(page, name) {
  await page.click(`[data-testid="tab-${name}"]`);
}

/** Returns the selector of a session's row. */
export function sessionRow(id) {
  return `[data-testid="session-row"][data-session-id="${id}"]`;
}

/** Returns today's tokens on the page, or NaN if the page does not show them. */
export async function readTodayTokens(page) {
  return Number(await page.execute('return document.querySelector(\'[data-testid="today-total"]\')?.dataset.value'));
}

export async function waitForTodayTokens(page, tokens) {
  await waitFor(`${tokens} tokens today`, async () => (await readTodayTokens(page)) === tokens);
}

/** Returns the color scheme that the page uses: `light` or `dark`. */
export async function readColorScheme(page) {
  return page.execute('return document.documentElement.dataset.scheme');
}
