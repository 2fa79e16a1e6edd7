// Sessions to do something with, and the page that lists them.

import { newData } from './monitor.mjs';
import { desktop } from './suite.mjs';

/** Made-up data with so many sessions, and their ids. */
export function withSessions(count) {
  const data = newData(desktop);
  const sessions = Array.from({ length: count }, (_, at) => data.claude.session({ project: `/home/ada/projects/p${at}` }));
  for (const session of sessions) session.answer();
  return { data, ids: sessions.map(({ id }) => id) };
}

/** The popover, driven, with the list of sessions in it. */
export async function openSessions(monitor) {
  const page = await monitor.drivePopover();
  await page.click('[data-testid="tab-sessions"]');
  await page.find('session-row');
  return page;
}

/** A selector of one session's row. */
export function row(id) {
  return `[data-testid="session-row"][data-session-id="${id}"]`;
}
