// The shortcut of the desktop, by real keys on the X server.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { desktop, describeLayouts, startWithSession } from './harness.mjs';
import { createData, programPath } from './monitor.mjs';
import { assertNever, waitFor } from './wait.mjs';

/** Longer than the app takes to act on a key. */
const SETTLE_MS = 700;

/** Time for the popover to appear after a key. A key within it is ignored, because the popover is coming. */
const KEY_TIMEOUT_MS = 3_000;

describeLayouts('the shortcut', (layout) => {
  test('opens and closes the popover while another window has the focus, until it is unset', async () => {
    const { monitor } = await startWithSession(layout);
    const other = await desktop.openForeignWindow();
    await monitor.run('settings', 'set', 'display.shortcut', 'ctrl+alt+t');
    await other.focus();
    await openByKey(monitor, 'ctrl+alt+t');
    await monitor.waitUntilPainted();
    await desktop.pressKey('ctrl+alt+t');
    await monitor.waitUntilClosed();
    await assertNever('the popover opens again', () => monitor.popoverWindow(), SETTLE_MS);
    await monitor.run('settings', 'set', 'display.shortcut', 'Super+F9');
    await openByKey(monitor, 'super+F9');
    await monitor.closeWithEscape();
    await monitor.run('settings', 'set', 'display.shortcut', 'none');
    await desktop.pressKey('super+F9');
    await assertNever('the popover opens', () => monitor.popoverWindow(), SETTLE_MS);
    other.child.kill();
  });

  test('is said to be unavailable while another program uses it', async () => {
    const { monitor: first } = await startWithSession(layout);
    await first.run('settings', 'set', 'display.shortcut', 'Ctrl+Alt+K');
    await openByKey(first, 'ctrl+alt+k');
    await first.closeWithEscape();
    const second = startAnother();
    await second.run('settings', 'set', 'display.shortcut', 'Ctrl+Alt+K');
    const problem = await waitFor('the problem', async () => (await second.readProblems())[0]);
    assert.equal(problem.code, 'shortcutUnavailable');
    assert.equal(problem.message, 'The shortcut Ctrl+Alt+K is not available: another program uses it.');
    await second.run('settings', 'set', 'display.shortcut', 'Ctrl+Alt+J');
    await waitFor('no problem', async () => (await second.readProblems()).length === 0);
    assert.deepEqual((await first.runJson('status')).problems, []);
    second.child.kill();
  });
});

/** Starts the tray process of another store. */
function startAnother() {
  const { env } = createData(desktop);
  const child = desktop.start(programPath('token-monitor-tray'), [], env);
  const run = (...args) => desktop.run(programPath('token-monitor'), args, env);
  const readProblems = async () => JSON.parse(await run('status', '--json')).problems;
  return { child, run, readProblems };
}

/** Presses a shortcut until the popover opens: a setting is applied shortly after it is stored. */
async function openByKey(monitor, keys) {
  await waitFor('the popover to open', async () => {
    await desktop.pressKey(keys);
    return waitFor('the popover', () => monitor.popoverWindow(), KEY_TIMEOUT_MS);
  });
  await monitor.waitUntilOpen();
}
