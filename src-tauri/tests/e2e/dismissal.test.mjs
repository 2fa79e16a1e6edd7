// Opening and closing the popover by real clicks and keys. No driver is attached, because a driver changes the focus. In
// the layout of Linux, the popover's process must end when the popover closes.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { desktop, describeLayouts, startWithSession } from './harness.mjs';
import { isRunning } from './processes.mjs';
import { assertNever, waitFor } from './wait.mjs';

/** Longer than the effects of a double click or of a late focus event take. */
const SETTLE_MS = 700;

/** Time for a cold start of the web view under load. A second click within it would close the popover again. */
const OPEN_TIMEOUT_MS = 4_000;

describeLayouts('opening and closing', (layout) => {
  const start = async () => (await startWithSession(layout)).monitor;

  test('a click on the icon opens the popover on the screen, with the focus', async () => {
    const monitor = await start();
    await monitor.clickIcon();
    const window = await monitor.waitUntilOpen();
    assert.ok(isOnScreen(window), `the whole popover is on the screen: ${JSON.stringify(window)}`);
    await assertStaysOpen(monitor);
  });

  test('Escape closes the popover', async () => {
    const monitor = await start();
    await monitor.openPopover();
    await monitor.closeWithEscape();
    await assertDismissed(monitor);
  });

  test('the popover closes when another window takes the focus', async () => {
    const monitor = await start();
    const other = await desktop.openForeignWindow();
    await monitor.openPopover();
    await other.focus();
    await assertDismissed(monitor);
    other.child.kill();
  });

  test('a second click on the icon closes the popover and does not open it again', async () => {
    const monitor = await start();
    await monitor.clickIcon();
    await monitor.waitUntilOpen();
    await monitor.waitUntilPainted();
    await monitor.clickIcon();
    await monitor.waitUntilClosed();
    await assertNever('the popover opens again', () => monitor.popoverWindow(), SETTLE_MS);
    await assertDismissed(monitor);
  });

  test('a double click opens the popover', async () => {
    const monitor = await start();
    await Promise.all([monitor.activate(), monitor.activate()]);
    await monitor.waitUntilOpen();
    await monitor.waitUntilPainted();
    await assertStaysOpen(monitor);
  });

  test('the popover opens again after it was closed', async () => {
    const monitor = await start();
    for (let round = 0; round < 3; round += 1) {
      await reopen(monitor);
      await monitor.closeWithEscape();
      await assertDismissed(monitor);
    }
  });

  test('many clicks in a row leave at most one window', async () => {
    const monitor = await start();
    await Promise.all(Array.from({ length: 8 }, () => monitor.activate()));
    await assertNever('two popovers at the same time', async () => (await countPopovers()) > 1, SETTLE_MS);
    assert.ok(isRunning(monitor.pid), 'the icon is still shown');
  });
});

async function assertStaysOpen(monitor) {
  await assertNever('the popover closes on its own', async () => !(await monitor.popoverWindow()), SETTLE_MS);
}

/** Waits until the popover is gone, and checks that the process of the icon still runs. */
async function assertDismissed(monitor) {
  await monitor.waitUntilDismissed().catch((error) => {
    throw new Error(`${error.message}\n${desktop.describeProcesses()}`, { cause: error });
  });
  assert.ok(isRunning(monitor.pid), 'the icon is still shown');
}

/** Opens the popover with up to several clicks: one right after a dismissal may count as part of it. */
async function reopen(monitor) {
  const clickAndWait = async () => {
    await monitor.activate();
    return waitFor('the popover', () => monitor.popoverWindow(), OPEN_TIMEOUT_MS);
  };
  await waitFor('a click to open it', clickAndWait);
  await monitor.waitUntilOpen();
}

async function countPopovers() {
  return (await desktop.windows()).filter(({ title }) => title !== 'xfce4-panel').length;
}

function isOnScreen({ x, y, width, height }) {
  return x >= 0 && y >= 0 && x + width <= desktop.size.width && y + height <= desktop.size.height;
}
