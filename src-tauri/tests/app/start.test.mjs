// Starting the app: a second start shows the first one's popover, a web view that dies takes nothing with it, and the
// app starts with the session only if its user wants it to.

import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';

import { grown, openMany } from './leftovers.mjs';
import { LAYOUTS, binary, newData, startMonitor } from './monitor.mjs';
import { popoverProcesses, runs, signal } from './processes.mjs';
import { desktop, inEachLayout } from './suite.mjs';
import { never, until } from './waiting.mjs';

/** Longer than a popover takes to come up where it should not. */
const A_MOMENT_MS = 1_500;

/** Openings of the short soak; `npm run soak` does more. */
const MANY = 20;

inEachLayout('a second start', (layout) => {
  const again = (data, ...args) => desktop.start(binary('token-monitor-app'), [...oneProcess(layout), ...args], data.env);

  test('shows the popover of the one that runs, once', async () => {
    const { data, monitor } = await start(layout);
    const starts = [1, 2, 3].map(() => again(data));
    await monitor.untilOpen();
    await until('the starts to end', () => starts.every(({ pid }) => !runs(pid)));
    await never('two popovers at once', async () => (await windows()) > 1, A_MOMENT_MS);
  });

  test('by the session shows nothing', async () => {
    const { data, monitor } = await start(layout);
    const second = again(data, '--background');
    await until('the second start to end', () => !runs(second.pid));
    await never('a popover', () => monitor.popover(), A_MOMENT_MS);
  });

  test('can name a page', async () => {
    const data = newData(desktop);
    data.claude.session().answer();
    const monitor = await startMonitor(desktop, layout, data, { driven: true });
    const page = await monitor.drivePopover();
    again(data, '--show=sessions');
    await page.select('[data-testid="tab-sessions"][aria-selected="true"]');
    await page.leave();
  });

  test('is one window and no crash, however fast the clicks and whatever is being answered', async () => {
    const { monitor } = await start(layout);
    for (let burst = 0; burst < 3; burst += 1) {
      await Promise.all(Array.from({ length: 30 }, () => monitor.activate()));
      await never('two popovers at once', async () => (await windows()) > 1, 200);
    }
    assert.ok(runs(monitor.pid), 'the icon is still there');
  });

  test('is not needed when a page dies: the next click brings another', async () => {
    const { monitor } = await start(layout);
    await monitor.openPopover();
    // One that dies while it starts takes its program with it: the web view's own library ends that.
    await monitor.untilPainted();
    const page = popoverProcesses(desktop.folder).find(({ name }) => name === 'WebKitWebProcess');
    signal(page.pid, 'SIGKILL');
    await monitor.untilClosed();
    assert.ok(runs(monitor.pid), 'the icon outlives its popover');
    await monitor.openPopover();
  });

  test('many openings leave nothing behind', async () => {
    const { data, monitor } = await start(layout);
    const found = await openMany(monitor, data.claude.session(), MANY);
    assert.deepEqual(grown(monitor, found), [], JSON.stringify(found));
  });
});

describe('starting with the session', () => {
  test('is never turned on by itself', async () => {
    const { monitor } = await start(LAYOUTS[0]);
    const started = desktop.start(binary('token-monitor-app'), ['--background'], monitor.data.env);
    await until('the start to end', () => !runs(started.pid));
    assert.equal(await autostart(binary('token-monitor-app'), 'status'), 'off');
    assert.ok(!existsSync(entry()));
  });

  test('turned on starts this program, repaired when it moved, and is gone when turned off', async () => {
    const here = installed('a folder');
    const there = folderOf('another folder');
    assert.equal(await autostart(here.app, 'on'), 'on');
    assert.equal(execOf(entry()), `"${here.app}" --background`);
    await desktop.ask('desktop-file-validate', [entry()]);

    renameSync(here.folder, there.folder);
    assert.equal(await autostart(there.app, 'repair'), 'on');
    assert.equal(execOf(entry()), `"${there.app}" --background`);

    assert.equal(await autostart(there.app, 'off'), 'off');
    assert.ok(!existsSync(entry()));
    assert.equal(await autostart(there.app, 'repair'), 'off');
    assert.ok(!existsSync(entry()), 'what is off is not repaired');
  });

  test('turned off by the desktop stays off', async () => {
    const app = binary('token-monitor-app');
    await autostart(app, 'on');
    writeFileSync(entry(), `${readFileSync(entry(), 'utf8').replace('--background', '--elsewhere')}Hidden=true\n`);
    assert.equal(await autostart(app, 'repair'), 'off');
    assert.match(execOf(entry()), /--elsewhere/);
    await autostart(app, 'off');
  });
});

function oneProcess(layout) {
  return layout.popoverIsAProcess ? [] : ['--one-process'];
}

async function start(layout) {
  const data = newData(desktop);
  data.claude.session().answer();
  return { data, monitor: await startMonitor(desktop, layout, data) };
}

async function windows() {
  return (await desktop.windows()).filter(({ title }) => title === 'Token Monitor').length;
}

function folderOf(name) {
  const folder = desktop.place(name);
  return { folder, app: path.join(folder, 'token-monitor-app') };
}

/** The app in a folder of its own. */
function installed(name) {
  const place = folderOf(name);
  mkdirSync(place.folder);
  cpSync(binary('token-monitor-app'), place.app);
  return place;
}

async function autostart(app, order) {
  return (await desktop.ask(app, [`--autostart=${order}`])).trim();
}

function entry() {
  return path.join(desktop.env.XDG_CONFIG_HOME, 'autostart/io.github.token-monitor.app.desktop');
}

function execOf(file) {
  return /^Exec=(.*)$/m.exec(readFileSync(file, 'utf8'))[1];
}
