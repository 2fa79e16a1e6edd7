// Session names: set in the popover or by the command, unique, and kept over a restart.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { desktop, describeLayouts } from './harness.mjs';
import { startMonitor } from './monitor.mjs';
import { createSessions, openSessions, sessionRow } from './popover-page.mjs';
import { waitFor } from './wait.mjs';
import { ENTER } from './webdriver.mjs';

describeLayouts('session names', (layout) => {
  test('a name set in the popover is kept over a restart', async () => {
    const { data, ids } = createSessions(1);
    const first = await startMonitor(desktop, layout, data, { automated: true });
    const page = await openSessions(first);
    await rename(page, ids[0], 'fix login flow');
    await waitForName(page, ids[0], 'fix login flow');
    await page.detach();
    await first.quit();

    const second = await startMonitor(desktop, layout, data, { automated: true });
    await waitForName(await openSessions(second), ids[0], 'fix login flow');
  });

  test('a name that another session has is rejected with a message', async () => {
    const { data, ids } = createSessions(2);
    const monitor = await startMonitor(desktop, layout, data, { automated: true });
    const page = await openSessions(monitor);
    await rename(page, ids[0], 'orrery');
    await waitForName(page, ids[0], 'orrery');
    await rename(page, ids[1], 'orrery');
    const message = await (await page.waitForTestId('rename-error')).text();
    assert.match(message, /\w+ \w+/, 'the message is a sentence');
    await page.detach();
    const { sessions } = await monitor.runJson('sessions');
    const named = sessions.filter(({ sessionName }) => sessionName === 'orrery').map(({ sessionId }) => sessionId);
    assert.deepEqual(named, [ids[0]], 'only the first session has the name');
  });

  test('a name set by the command is shown in the open popover', async () => {
    const { data, ids } = createSessions(1);
    const monitor = await startMonitor(desktop, layout, data, { automated: true });
    const page = await openSessions(monitor);
    await page.waitForSelector(sessionRow(ids[0]));
    await monitor.run('rename', ids[0], 'from the terminal');
    await waitForName(page, ids[0], 'from the terminal');
    await page.detach();
  });
});

async function rename(page, id, name) {
  await page.click(`${sessionRow(id)} [data-testid="rename-button"]`);
  const field = await page.waitForTestId('rename-input');
  await field.replaceText(name);
  await field.type(ENTER);
}

async function waitForName(page, id, name) {
  const readName = () => page.textOf(`${sessionRow(id)} [data-testid="session-name"]`);
  await waitFor(`the session to be called “${name}”`, async () => (await readName()) === name);
}
