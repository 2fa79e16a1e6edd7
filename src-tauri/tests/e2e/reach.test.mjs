// The menu of the popover, by mouse and by keyboard: keep it open, open it as a window, quit; and what is copied stays on
// the clipboard when the popover has closed.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { desktop, describeLayouts, startWithSession } from './harness.mjs';
import { programPath, startMonitor } from './monitor.mjs';
import { createSessions, openSessions, openTab, sessionRow } from './popover-page.mjs';
import { isRunning } from './processes.mjs';
import { assertNever, waitFor } from './wait.mjs';
import { connectToDisplay } from './x-client.mjs';

/** Longer than a popover takes to close after it has lost the focus. */
const SETTLE_MS = 700;

/** The middle of the menu's button, from the upper right corner of a popover without a shadow. */
const BUTTON = { left: 22, top: 22 };

/** The middle of the menu's first item, from the same corner. */
const FIRST_ITEM = { left: 110, top: 62 };

/** The least width of a window of its own: more than that of a popover. */
const WINDOW_WIDTH = 900;

const PNG_SIGNATURE = '89504e470d0a1a0a';

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
    assert.notEqual(window.id, popover.id);
    await waitFor('the popover to close', async () => !(await desktop.windows()).some(({ id }) => id === popover.id));
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

describeLayouts('what the popover gives away', (layout) => {
  test('the command that resumes a session stays on the clipboard after the popover has closed', async () => {
    const { data, ids } = createSessions(1);
    const monitor = await startMonitor(desktop, layout, data, { automated: true });
    const page = await openSessions(monitor);
    await page.click(`${sessionRow(ids[0])} .session-row__toggle`);
    await page.click('[data-testid="copy-resume"]');
    const display = await connectToDisplay(desktop.env.DISPLAY);
    await waitFor('a copied text', () => display.hasSelectionOwner('CLIPBOARD'));
    display.close();
    await openTab(page, 'settings');
    await page.click('[data-testid="setting-search"]');
    await desktop.pressKey('ctrl+v');
    const pasted = () => page.execute('return document.querySelector(\'[data-testid="setting-search"]\').value');
    await waitFor('the pasted command', async () => (await pasted()) === `claude --resume ${ids[0]}`);
    await page.detach();
    await monitor.closeWithEscape();
    const again = await connectToDisplay(desktop.env.DISPLAY);
    assert.ok(await again.hasSelectionOwner('CLIPBOARD'), 'another process serves it');
    again.close();
  });

  test('the share card is a picture of the right size without text', async () => {
    const { monitor } = await startWithSession(layout, { automated: true });
    const page = await monitor.openWithDriver();
    await page.click('[data-testid="more-menu"]');
    await page.click('[data-testid="share"]');
    await page.waitForTestId('share-preview');
    await page.click('[data-testid="save-card"]');
    const path = await waitFor('the path of the picture', async () => {
      const result = await page.textOf('[data-testid="share-result"]');
      return /Saved to (.*\.png)/.exec(result)?.[1];
    });
    await page.detach();
    const png = readFileSync(path);
    assert.equal(png.subarray(0, 8).toString('hex'), PNG_SIGNATURE);
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [1200, 630]);
    assert.ok(!png.includes('orrery') && !/tEXt|iTXt|zTXt|eXIf/.test(png.toString('latin1')), 'no text in any form');
  });

  test('a folder that does not exist is not opened', async () => {
    const { data, ids } = createSessions(1);
    const monitor = await startMonitor(desktop, layout, data, { automated: true });
    const page = await openSessions(monitor);
    await page.click(`${sessionRow(ids[0])} .session-row__toggle`);
    await page.click('[data-testid="open-folder"]');
    const refusal = await page.waitForTestId('folder-refusal');
    assert.match(await refusal.text(), /does not exist on this computer/);
    await page.detach();
  });
});

describeLayouts('the command line of the app', (layout) => {
  const run = (data, ...args) => {
    const layoutArgs = layout.popoverIsAProcess ? [] : layout.args;
    return desktop.start(programPath('token-monitor-app'), [...layoutArgs, ...args], data.env);
  };

  test('toggles the popover of the running app, and quits it', async () => {
    const { data, monitor } = await startWithSession(layout);
    run(data, '--toggle');
    await monitor.waitUntilOpen();
    await monitor.waitUntilPainted();
    run(data, '--toggle');
    await monitor.waitUntilClosed();
    run(data, '--quit');
    await waitFor('the app to end', () => !isRunning(monitor.pid));
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
