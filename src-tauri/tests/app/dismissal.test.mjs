// How the popover opens and goes: by real clicks and keys, without a driver, because a driver changes what has the
// focus. In the layout of Linux nothing of it may be left afterwards: that is what keeps the resident small.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { whoRuns } from './desktop.mjs';
import { newData, startMonitor } from './monitor.mjs';
import { runs } from './processes.mjs';
import { desktop, inEachLayout } from './suite.mjs';
import { never, until } from './waiting.mjs';

/** Longer than any double click or late focus event takes to do harm. */
const A_MOMENT_MS = 700;

/** A web view that starts cold under load; a second click within it would close the popover again. */
const LONGEST_OPENING_MS = 4_000;

inEachLayout('opening and closing', (layout) => {
  test('a click on the icon opens the popover, on the screen and focused', async () => {
    const monitor = await start(layout);
    await monitor.clickIcon();
    const shown = await monitor.untilOpen();
    assert.ok(isOnScreen(shown), `the whole popover is on the screen: ${JSON.stringify(shown)}`);
    await never('the popover closes by itself', async () => !(await monitor.popover()), A_MOMENT_MS);
  });

  test('Escape closes it', async () => {
    const monitor = await start(layout);
    await monitor.openPopover();
    await monitor.escape();
    await untilDismissed(monitor);
  });

  test('another window taking the focus closes it', async () => {
    const monitor = await start(layout);
    const other = await desktop.openForeignWindow();
    await monitor.openPopover();
    await other.focus();
    await untilDismissed(monitor);
    other.child.kill();
  });

  test('a second click on the icon closes it and does not open it again', async () => {
    const monitor = await start(layout);
    await monitor.clickIcon();
    await monitor.untilOpen();
    await monitor.untilPainted();
    await monitor.clickIcon();
    await monitor.untilClosed();
    await never('the popover opens again', () => monitor.popover(), A_MOMENT_MS);
    await untilDismissed(monitor);
  });

  test('a double click opens it', async () => {
    const monitor = await start(layout);
    await Promise.all([monitor.activate(), monitor.activate()]);
    await monitor.untilOpen();
    await monitor.untilPainted();
    await never('the popover closes by itself', async () => !(await monitor.popover()), A_MOMENT_MS);
  });

  test('it opens again after it was closed', async () => {
    const monitor = await start(layout);
    for (let round = 0; round < 3; round += 1) {
      await openAgain(monitor);
      await monitor.escape();
      await untilDismissed(monitor);
    }
  });

  test('clicks in quick succession leave at most one window', async () => {
    const monitor = await start(layout);
    await Promise.all(Array.from({ length: 8 }, () => monitor.activate()));
    await never('two popovers at once', async () => (await popovers(monitor)) > 1, A_MOMENT_MS);
    assert.ok(runs(monitor.pid), 'the icon is still there');
  });
});

async function start(layout) {
  const data = newData(desktop);
  data.claude.session().answer();
  return startMonitor(desktop, layout, data);
}

/** Closed; and where the popover is a process of its own, gone with its web view. */
async function untilDismissed(monitor) {
  await monitor.untilClosed();
  if (monitor.layout.popoverIsAProcess) await monitor.untilPopoverIsGone().catch(withListing);
  assert.ok(runs(monitor.pid), 'the icon outlives its popover');
}

/** A click just after a dismissal may count as the one that dismissed; a person clicks once more. */
async function openAgain(monitor) {
  const opens = async () => {
    await monitor.activate();
    return until('the popover', () => monitor.popover(), LONGEST_OPENING_MS);
  };
  await until('a click to open it', opens);
  await monitor.untilOpen();
}

async function popovers(monitor) {
  const panel = ({ title }) => title === 'xfce4-panel';
  return (await monitor.desktop.windows()).filter((window) => !panel(window)).length;
}

function isOnScreen({ x, y, width, height }) {
  return x >= 0 && y >= 0 && x + width <= desktop.size.width && y + height <= desktop.size.height;
}

function withListing(error) {
  throw new Error(`${error.message}\n${whoRuns(desktop)}`, { cause: error });
}
