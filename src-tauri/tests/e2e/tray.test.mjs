// The tray icon on a real panel: that it appears, is live, and exists once however often the app is started.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { registeredItems, waitForTrayItem } from './dbus.mjs';
import { TURN } from './fixture-logs.mjs';
import { desktop, describeLayouts } from './harness.mjs';
import { LAYOUTS, PROGRAM_FOLDER, createData, programPath, startMonitor } from './monitor.mjs';
import { waitForIcon } from './panel.mjs';
import { isRunning, trayProcesses } from './processes.mjs';
import { waitFor, waitForChange } from './wait.mjs';

/** Usage large enough to change the icon at any resolution. */
const BURST = { input: 90_000, output: 60_000, cacheWrite: 400_000, cacheRead: 6_000_000 };

/** The smallest width and height in pixels that a person can click. */
const MIN_ICON_SIZE = 12;

describeLayouts('the tray', (layout) => {
  test('an icon appears on the panel and disappears at the end', async () => {
    const monitor = await startMonitor(desktop, layout, createData(desktop));
    const { width, height } = monitor.icon;
    assert.ok(width >= MIN_ICON_SIZE && height >= MIN_ICON_SIZE, `the icon can be clicked: ${width}x${height}`);
    assert.equal(await monitor.item.pid(), monitor.pid, 'the item belongs to the started process');
    await monitor.quit();
    assert.deepEqual(await registeredItems(desktop), [], 'the panel has removed the item');
  });

  test('an appended line changes the icon and the tooltip', async () => {
    const data = createData(desktop);
    const session = data.claude.session();
    session.answer(TURN);
    const monitor = await startMonitor(desktop, layout, data);
    const [icon, tooltip] = [await monitor.item.iconHash(), await monitor.item.tooltip()];
    session.answer(BURST);
    await waitForChange('the tooltip', tooltip, () => monitor.item.tooltip());
    await waitForChange('the icon', icon, () => monitor.item.iconHash());
  });

  test('a session in a new project folder is found', async () => {
    const data = createData(desktop);
    const monitor = await startMonitor(desktop, layout, data);
    const tooltip = await monitor.item.tooltip();
    data.claude.session({ project: '/home/ada/projects/a-new-one' }).answer(BURST);
    await waitForChange('the tooltip', tooltip, () => monitor.item.tooltip());
  });
});

describe('a single instance', () => {
  test('two simultaneous starts of the app leave one tray process and one icon', async () => {
    const { env } = createData(desktop);
    const starts = [1, 2].map(() => desktop.start(programPath('token-monitor-app'), [], env));
    await waitForTrayItem(desktop);
    await waitForIcon(desktop);
    await waitFor('both starts to end', () => starts.every(({ pid }) => !isRunning(pid)));
    const isSingle = () => trayProcesses(desktop.folder).length === 1;
    await waitFor('one tray process', isSingle).catch((error) => assert.fail(`${error.message}\n${describeState()}`));
    assert.equal((await registeredItems(desktop)).length, 1);
  });

  test('a start of the app leaves a running tray process alone', async () => {
    const data = createData(desktop);
    const monitor = await startMonitor(desktop, LAYOUTS[0], data);
    const second = desktop.start(programPath('token-monitor-app'), [], data.env);
    await waitFor('the second start to end', () => !isRunning(second.pid));
    assert.deepEqual(trayProcesses(desktop.folder).map(({ pid }) => pid), [monitor.pid], describeState());
  });

  test('a second tray process ends and the first keeps running', async () => {
    const data = createData(desktop);
    const monitor = await startMonitor(desktop, LAYOUTS[0], data);
    const second = desktop.start(programPath('token-monitor-tray'), [], data.env);
    await waitFor('the second tray process to end', () => !isRunning(second.pid));
    assert.ok(isRunning(monitor.pid), 'the first still runs');
  });
});

function describeState() {
  return `running from ${PROGRAM_FOLDER}:\n${desktop.describeProcesses()}`;
}
