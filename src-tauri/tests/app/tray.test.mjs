// What a person sees of Token Monitor without opening anything: an icon on a real panel, and that it is live.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { registeredItems, untilItem } from './bus.mjs';
import { TURN } from './logs.mjs';
import { BINARIES, LAYOUTS, binary, newData, startMonitor } from './monitor.mjs';
import { untilIconShows } from './panel.mjs';
import { monitorProcesses, residents, runs } from './processes.mjs';
import { desktop, inEachLayout } from './suite.mjs';
import { until, untilChanged } from './waiting.mjs';

/** Large enough to be another picture at any resolution of the icon. */
const BURST = { input: 90_000, output: 60_000, cacheWrite: 400_000, cacheRead: 6_000_000 };

inEachLayout('the tray', (layout) => {
  test('an icon appears on the panel and leaves it again', async () => {
    const monitor = await startMonitor(desktop, layout, newData(desktop));
    assert.ok(monitor.icon.width >= 12 && monitor.icon.height >= 12, `an icon a person can hit: ${JSON.stringify(monitor.icon)}`);
    assert.equal(await monitor.item.pid(), monitor.pid, 'the item belongs to the process we started');
    await monitor.quit();
    assert.deepEqual(await registeredItems(desktop), [], 'the panel has let go of the item');
  });

  test('an appended line changes the picture and the tooltip', async () => {
    const data = newData(desktop);
    const session = data.claude.session();
    session.answer(TURN);
    const monitor = await startMonitor(desktop, layout, data);
    const [picture, tooltip] = [await monitor.item.picture(), await monitor.item.tooltip()];
    session.answer(BURST);
    await untilChanged('the tooltip', tooltip, () => monitor.item.tooltip());
    await untilChanged('the picture', picture, () => monitor.item.picture());
  });

  test('a session that begins while it runs is seen', async () => {
    const data = newData(desktop);
    const monitor = await startMonitor(desktop, layout, data);
    const tooltip = await monitor.item.tooltip();
    data.claude.session({ project: '/home/ada/projects/a-new-one' }).answer(BURST);
    await untilChanged('the tooltip', tooltip, () => monitor.item.tooltip());
  });
});

describe('starting', () => {
  test('the app started twice leaves one resident and one icon', async () => {
    const { env } = newData(desktop);
    const starts = [1, 2].map(() => desktop.start(binary('token-monitor-app'), [], env));
    await untilItem(desktop);
    await untilIconShows(desktop);
    await until('both starts to end', () => starts.every(({ pid }) => !runs(pid)));
    const one = () => residents(desktop.folder).length === 1;
    await until('the second resident to give way', one).catch((error) => assert.fail(`${error.message}\n${listing()}`));
    assert.equal((await registeredItems(desktop)).length, 1);
  });

  test('the app started while a resident runs leaves that one alone', async () => {
    const data = newData(desktop);
    const monitor = await startMonitor(desktop, LAYOUTS[0], data);
    const second = desktop.start(binary('token-monitor-app'), [], data.env);
    await until('the second start to end', () => !runs(second.pid));
    assert.deepEqual(residents(desktop.folder).map(({ pid }) => pid), [monitor.pid], listing());
  });

  test('a second resident gives way to the first', async () => {
    const data = newData(desktop);
    const monitor = await startMonitor(desktop, LAYOUTS[0], data);
    const second = desktop.start(binary('token-monitor'), ['tray'], data.env);
    await until('the second resident to end', () => !runs(second.pid));
    assert.ok(runs(monitor.pid), 'the first still runs');
  });
});

function listing() {
  const lines = monitorProcesses(desktop.folder).map(({ pid, args }) => `${pid} ${args.join(' ')}`);
  return `running from ${BINARIES}:\n${lines.join('\n')}`;
}
