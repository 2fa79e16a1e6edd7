// Where the popover opens: beside the icon, wherever the panel lies, inside the work area, on dense and on small
// screens; and what stands there instead where no panel shows icons.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';

import { openDesktop } from './desktop.mjs';
import { attach, drivable } from './driver.mjs';
import { LAYOUTS, binary, clearAway, newData, startMonitor } from './monitor.mjs';
import { EDGES, untilIconShows } from './panel.mjs';
import { until } from './waiting.mjs';

/** What the popover measures, in logical pixels. */
const USUAL = { width: 380, height: 600 };

describe('a panel at each edge', () => {
  const opened = desktopOf({});
  for (const layout of LAYOUTS) {
    test(`has the popover beside its icon, also when it moves: ${layout.name}`, async () => {
      const desktop = opened();
      for (const edge of Object.keys(EDGES)) await desktop.movePanel(edge);
      await desktop.movePanel('top');
      const monitor = await start(desktop, layout);
      for (const edge of ['top', 'right', 'bottom', 'left']) {
        await desktop.movePanel(edge);
        const icon = await untilIconShows(desktop);
        await desktop.click(...icon.centre);
        const shown = await monitor.untilOpen();
        assertBeside(edge, shown, icon, await workArea(desktop));
        await monitor.escape();
        await monitor.untilClosed();
      }
      await desktop.movePanel('top');
    });
  }
});

describe('a dense screen', () => {
  const opened = desktopOf({ width: 2560, height: 1600, scale: 2 });
  for (const layout of LAYOUTS) {
    test(`has the popover beside the icon, twice as large: ${layout.name}`, async () => {
      const desktop = opened();
      const monitor = await start(desktop, layout);
      await desktop.click(...monitor.icon.centre);
      const shown = await monitor.untilOpen();
      assert.deepEqual([shown.width, shown.height], [2 * USUAL.width, 2 * USUAL.height]);
      assertBeside('top', shown, monitor.icon, await workArea(desktop));
    });
  }
});

describe('a small screen', () => {
  const opened = desktopOf({ width: 800, height: 480 });
  for (const layout of LAYOUTS) {
    test(`has all of the popover on it: ${layout.name}`, async () => {
      const desktop = opened();
      const monitor = await start(desktop, layout);
      await desktop.click(...monitor.icon.centre);
      const [shown, area] = [await monitor.untilOpen(), await workArea(desktop)];
      assert.equal(shown.height, area.height);
      assertBeside('top', shown, monitor.icon, area);
    });
  }
});

describe('no panel', () => {
  const opened = desktopOf({ panel: false });
  test('has an ordinary window open, once, that says how to get the icon', async () => {
    const desktop = opened();
    const data = newData(desktop);
    data.claude.session().answer();
    const door = await drivable();
    const resident = desktop.start(binary('token-monitor'), ['tray'], { ...data.env, ...door.env });
    const ours = async () => (await desktop.windows()).filter(({ title }) => title === 'Token Monitor');
    const [window] = await until('a window', async () => ((await ours()).length === 1 ? await ours() : undefined));
    const state = await desktop.ask('xprop', ['-id', String(window.id), '_NET_WM_STATE', '_NET_FRAME_EXTENTS']);
    assert.doesNotMatch(state, /SKIP_TASKBAR|ABOVE/, 'it is a window like any other');
    const page = await attach(desktop, door.port);
    await until('the page to say why', async () => /tray icons.*AppIndicator/s.test((await page.peek('[data-testid="no-tray"]')) ?? ''));
    await page.leave();
    await desktop.ask('wmctrl', ['-i', '-c', String(window.id)]);
    await until('it to be closed', async () => (await ours()).length === 0);
    assert.equal(resident.exitCode, null, 'counting goes on');
  });
});

/** One desktop for the tests of a group, cleared after each. */
function desktopOf(options) {
  let desktop;
  before(async () => {
    desktop = await openDesktop(options);
  });
  afterEach(() => clearAway(desktop));
  after(() => desktop?.close());
  return () => desktop;
}

async function start(desktop, layout) {
  const data = newData(desktop);
  data.claude.session().answer();
  return startMonitor(desktop, layout, data);
}

/** What panels leave free, as window managers say it. */
async function workArea(desktop) {
  const said = await desktop.ask('xprop', ['-root', '_NET_WORKAREA']);
  const [x, y, width, height] = said.match(/\d+/g).map(Number);
  return { x, y, width, height };
}

/** At the panel's edge of the work area, and along it as near to the icon as the work area lets it. */
function assertBeside(edge, shown, icon, area) {
  const said = JSON.stringify({ edge, shown, centre: icon.centre, area });
  const ends = { x: area.x + area.width, y: area.y + area.height };
  const [along, length, middle] = edge === 'top' || edge === 'bottom' ? ['x', 'width', 0] : ['y', 'height', 1];
  const wanted = Math.min(Math.max(icon.centre[middle] - shown[length] / 2, area[along]), ends[along] - shown[length]);
  assert.ok(Math.abs(shown[along] - wanted) <= 2 * icon.width, `centred on the icon: ${said}`);
  const touches = {
    top: shown.y === area.y,
    bottom: shown.y + shown.height === ends.y,
    left: shown.x === area.x,
    right: shown.x + shown.width === ends.x,
  };
  assert.ok(touches[edge], `at the panel: ${said}`);
  const inside = shown.x >= area.x && shown.y >= area.y && shown.x + shown.width <= ends.x && shown.y + shown.height <= ends.y;
  assert.ok(inside, `inside the work area: ${said}`);
}
