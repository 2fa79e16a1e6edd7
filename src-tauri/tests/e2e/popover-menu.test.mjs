// The menu of the popover, by mouse and by keyboard: keep it open, open it as a window, quit.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { desktop, describeLayouts, startWithSession } from './harness.mjs';
import { isRunning } from './processes.mjs';
import { assertNever, waitFor } from './wait.mjs';

/** Longer than a popover takes to close after it has lost the focus. */
const SETTLE_MS = 700;

/** The middle of the menu's button, from the upper right corner of a popover without a shadow. */
const BUTTON = { left: 22, top: 22 };

/** The middle of the menu's first item, from the same corner. */
const FIRST_ITEM = { left: 110, top: 62 };

/** The least width of a window of its own: more than that of a popover. */
const WINDOW_WIDTH = 900;

describeLayouts('the menu of the popover', (layout) => {
  test('keeps the popover open by mouse', async (context) => {
    const { monitor } = await startWithSession(layout);
    const other = await openOther(context);
    const window = await openPainted(monitor);
    await changeMenu(window, () => desktop.click(window.x + window.width - BUTTON.left, window.y + BUTTON.top));
    await changeMenu(window, () => desktop.click(window.x + window.width - FIRST_ITEM.left, window.y + FIRST_ITEM.top));
    await assertStaysOpen(monitor, other);
  });

  test('keeps the popover open by keyboard, until it is dismissed', async (context) => {
    const { monitor } = await startWithSession(layout);
    const other = await openOther(context);
    const window = await openPainted(monitor);
    await openMenu(window);
    await changeMenu(window, () => desktop.pressKey('Return'));
    await assertStaysOpen(monitor, other);
    await monitor.activate();
    await monitor.waitUntilClosed();
    await waitFor('a click to open it again', async () => {
      await monitor.activate();
      return waitFor('the popover', () => monitor.popoverWindow(), 4_000);
    });
    await monitor.waitUntilOpen();
    await other.focus();
    await monitor.waitUntilClosed();
  });

  test('opens the page as a window of its own, which stays when the focus is elsewhere', async (context) => {
    const { monitor } = await startWithSession(layout);
    const other = await openOther(context);
    const popover = await openPainted(monitor);
    await openMenu(popover);
    await changeMenu(popover, () => desktop.pressKey('Down'));
    await desktop.pressKey('Return');
    const isWide = ({ title, width }) => title === 'Token Monitor' && width >= WINDOW_WIDTH;
    const window = await waitFor('a wide window', async () => (await desktop.windows()).find(isWide));
    // The X server gives the id of a closed window to a new process again.
    const isPopover = ({ id, pid }) => id === popover.id && pid === popover.pid;
    assert.ok(!isPopover(window));
    await waitFor('the popover to close', async () => !(await desktop.windows()).some(isPopover));
    await other.focus();
    await assertNever('the window closes', async () => !(await desktop.windows()).some(isWide), SETTLE_MS);
    await monitor.activate();
    const isNarrow = ({ title, width }) => title === 'Token Monitor' && width < WINDOW_WIDTH;
    await waitFor('another popover beside the window', async () => (await desktop.windows()).some(isNarrow));
  });

  test('quits the app', async () => {
    const { monitor } = await startWithSession(layout);
    const window = await openPainted(monitor);
    await openMenu(window);
    await changeMenu(window, () => desktop.pressKey('End'));
    await desktop.pressKey('Return');
    await waitFor('the app to end', () => !isRunning(monitor.pid));
    await monitor.waitUntilPopoverExits();
  });
});

/** Opens the popover and waits until its page can be used. */
async function openPainted(monitor) {
  await monitor.openPopover();
  await monitor.waitUntilPainted();
  return monitor.popoverWindow();
}

/** Opens the menu by the keyboard. Its button follows the tabs. */
async function openMenu(window) {
  for (const key of ['Tab', 'Tab']) await desktop.pressKey(key);
  await changeMenu(window, () => desktop.pressKey('Return'));
}

/** The part of the popover where the menu appears, in pixels. */
const MENU_AREA = { width: 200, height: 240, top: 44, right: 16 };

/** Acts, and waits until the picture of the menu has changed and is stable. */
async function changeMenu(window, act) {
  const area = { x: window.x + window.width - MENU_AREA.width - MENU_AREA.right, y: window.y + MENU_AREA.top, width: MENU_AREA.width, height: MENU_AREA.height };
  const before = await desktop.pixels(area);
  await act();
  let latest = before;
  await waitFor('the menu to change', async () => {
    const [previous, now] = [latest, await desktop.pixels(area)];
    latest = now;
    return !now.equals(before) && now.equals(previous);
  });
}

/** Opens the window of another program, which is closed after the test. */
async function openOther(context) {
  const other = await desktop.openForeignWindow();
  context.after(() => other.child.kill());
  return other;
}

async function assertStaysOpen(monitor, other) {
  await other.focus();
  await waitFor('the other window to have the focus', async () => (await desktop.focusedWindowId()) !== (await monitor.popoverWindow())?.id);
  await assertNever('the popover closes', async () => !(await monitor.popoverWindow()), SETTLE_MS);
}
