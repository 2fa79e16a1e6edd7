// The position of the popover: beside the icon at every edge, inside the work area, on high-density and on small screens;
// and the window that is opened on a desktop without a tray.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { desktop, startWithSession, useDesktop } from './harness.mjs';
import { LAYOUTS, createData, programPath } from './monitor.mjs';
import { EDGES, waitForIcon } from './panel.mjs';
import { waitFor } from './wait.mjs';
import { allowDriver, attachDriver } from './webdriver.mjs';

/** The width of the popover in logical pixels. Its height follows its page. */
const POPOVER_WIDTH = 380;

/** The distance of the popover from the panel in logical pixels. */
const GAP = 8;

describe('a panel at each edge', () => {
  useDesktop();
  for (const layout of LAYOUTS) {
    test(`the popover opens beside the icon, also after the panel has moved: ${layout.name}`, async () => {
      for (const edge of Object.keys(EDGES)) await desktop.movePanel(edge);
      await desktop.movePanel('top');
      const { monitor } = await startWithSession(layout);
      let opening = 1;
      for (const edge of ['top', 'right', 'bottom', 'left']) {
        await desktop.movePanel(edge);
        const icon = await waitForIcon(desktop);
        await desktop.click(...icon.center);
        await monitor.waitUntilPainted(opening);
        opening += 1;
        const window = await monitor.waitUntilOpen();
        assertBeside(edge, window, icon, await readWorkArea());
        await monitor.closeWithEscape();
        await monitor.waitUntilClosed();
      }
      await desktop.movePanel('top');
    });
  }
});

describe('a screen with scale factor 2', () => {
  useDesktop({ desktop: { width: 2560, height: 1600, scale: 2 } });
  for (const layout of LAYOUTS) {
    test(`the popover opens beside the icon at twice its size: ${layout.name}`, async () => {
      const { monitor } = await startWithSession(layout);
      await monitor.clickIcon();
      await monitor.waitUntilPainted();
      const window = await monitor.waitUntilOpen();
      assert.equal(window.width, 2 * POPOVER_WIDTH);
      assertBeside('top', window, monitor.icon, await readWorkArea(), 2);
    });
  }
});

describe('a small screen', () => {
  useDesktop({ desktop: { width: 800, height: 480 } });
  for (const layout of LAYOUTS) {
    test(`the popover fits into the work area: ${layout.name}`, async () => {
      const { monitor } = await startWithSession(layout);
      await monitor.clickIcon();
      await monitor.waitUntilPainted();
      const [window, workArea] = [await monitor.waitUntilOpen(), await readWorkArea()];
      assert.equal(window.height, workArea.height - 2 * GAP);
      assertBeside('top', window, monitor.icon, workArea);
    });
  }
});

describe('no panel', () => {
  useDesktop({ desktop: { panel: false } });

  test('one ordinary window opens, and explains how to get a tray icon', async () => {
    const data = createData(desktop);
    data.claude.session().answer();
    const driver = await allowDriver();
    const trayProcess = desktop.start(programPath('token-monitor-tray'), [], { ...data.env, ...driver.env });
    const findWindows = async () => (await desktop.windows()).filter(({ title }) => title === 'Token Monitor');
    const [window] = await waitFor('one window', async () => {
      const windows = await findWindows();
      return windows.length === 1 && windows;
    });
    const state = await desktop.run('xprop', ['-id', String(window.id), '_NET_WM_STATE', '_NET_FRAME_EXTENTS']);
    assert.doesNotMatch(state, /SKIP_TASKBAR|ABOVE/, 'the window is an ordinary one');
    const page = await attachDriver(desktop, driver.port);
    const readHint = async () => (await page.textOf('[data-testid="no-tray"]')) ?? '';
    await waitFor('the explanation', async () => /tray icons.*AppIndicator/s.test(await readHint()));
    await page.detach();
    await desktop.run('wmctrl', ['-i', '-c', String(window.id)]);
    await waitFor('the window to close', async () => (await findWindows()).length === 0);
    assert.equal(trayProcess.exitCode, null, 'the tray process keeps running');
  });
});

/** Returns the area that the panel leaves free, as the window manager publishes it. */
async function readWorkArea() {
  const property = await desktop.run('xprop', ['-root', '_NET_WORKAREA']);
  const [x, y, width, height] = property.match(/\d+/g).map(Number);
  return { x, y, width, height };
}

/** Checks that a window is 8 pixels from the panel, centered on the icon as far as the work area allows. */
function assertBeside(edge, window, icon, fullArea, scale = 1) {
  const gap = GAP * scale;
  const workArea = { x: fullArea.x + gap, y: fullArea.y + gap, width: fullArea.width - 2 * gap, height: fullArea.height - 2 * gap };
  const details = JSON.stringify({ edge, window, center: icon.center, workArea });
  const [right, bottom] = [workArea.x + workArea.width, workArea.y + workArea.height];
  const [axis, length, end, index] = edge === 'top' || edge === 'bottom' ? ['x', 'width', right, 0] : ['y', 'height', bottom, 1];
  const expected = Math.min(Math.max(icon.center[index] - window[length] / 2, workArea[axis]), end - window[length]);
  assert.ok(Math.abs(window[axis] - expected) <= 2 * icon.width, `centered on the icon: ${details}`);
  const touches = {
    top: window.y === workArea.y,
    bottom: window.y + window.height === bottom,
    left: window.x === workArea.x,
    right: window.x + window.width === right,
  };
  assert.ok(touches[edge], `8 pixels from the panel: ${details}`);
  const isInside =
    window.x >= workArea.x && window.y >= workArea.y && window.x + window.width <= right && window.y + window.height <= bottom;
  assert.ok(isInside, `inside the work area: ${details}`);
}
