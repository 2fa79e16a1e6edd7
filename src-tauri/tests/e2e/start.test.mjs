// Starting the app: a second start opens the popover of the running one, a crashed web view affects nothing else, and the
// app starts at login only if its user wants it.

import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';

import { desktop, describeLayouts, startWithSession } from './harness.mjs';
import { LAYOUTS, programPath } from './monitor.mjs';
import { isRunning, popoverProcesses, sendSignal } from './processes.mjs';
import { findLeaks, openRepeatedly } from './resource-leaks.mjs';
import { assertNever, waitFor } from './wait.mjs';

/** Longer than a popover takes to open. */
const OPEN_MS = 1_500;

/** Openings of the short leak test. `npm run soak` does more. */
const LEAK_TEST_ROUNDS = 20;

describeLayouts('starting and opening', (layout) => {
  const startAgain = (data, ...args) => {
    const layoutArgs = layout.popoverIsAProcess ? [] : layout.args;
    return desktop.start(programPath('token-monitor-app'), [...layoutArgs, ...args], data.env);
  };

  test('a second start opens one popover of the running instance', async () => {
    const { data, monitor } = await startWithSession(layout);
    const starts = [1, 2, 3].map(() => startAgain(data));
    await monitor.waitUntilOpen();
    await waitFor('the starts to end', () => starts.every(({ pid }) => !isRunning(pid)));
    await assertNever('two popovers at the same time', async () => (await countWindows()) > 1, OPEN_MS);
  });

  test('a second start by the session opens nothing', async () => {
    const { data, monitor } = await startWithSession(layout);
    const second = startAgain(data, '--background');
    await waitFor('the second start to end', () => !isRunning(second.pid));
    await assertNever('a popover', () => monitor.popoverWindow(), OPEN_MS);
  });

  test('a second start can name a page', async () => {
    const { data, monitor } = await startWithSession(layout, { automated: true });
    const page = await monitor.openWithDriver();
    startAgain(data, '--show=sessions');
    await page.waitForSelector('[data-testid="tab-sessions"][aria-selected="true"]');
    await page.detach();
  });

  test('bursts of clicks leave at most one window and no crash', async () => {
    const { monitor } = await startWithSession(layout);
    for (let burst = 0; burst < 3; burst += 1) {
      await Promise.all(Array.from({ length: 30 }, () => monitor.activate()));
      await assertNever('two popovers at the same time', async () => (await countWindows()) > 1, 200);
    }
    assert.ok(isRunning(monitor.pid), 'the icon is still shown');
  });

  test('a click opens a new popover after its page has crashed', async () => {
    const { monitor } = await startWithSession(layout);
    await monitor.openPopover();
    // If the page dies before its first paint, the web view's library ends the whole program.
    await monitor.waitUntilPainted();
    const page = popoverProcesses(desktop.folder).find(({ name }) => name === 'WebKitWebProcess');
    sendSignal(page.pid, 'SIGKILL');
    await monitor.waitUntilClosed();
    assert.ok(isRunning(monitor.pid), 'the icon is still shown');
    await monitor.openPopover();
  });

  test('many openings leak no files, threads, processes or memory', async () => {
    const { data, monitor } = await startWithSession(layout);
    const measured = await openRepeatedly(monitor, data.claude.session(), LEAK_TEST_ROUNDS);
    assert.deepEqual(findLeaks(monitor, measured), [], JSON.stringify(measured));
  });
});

describe('start at login', () => {
  test('is never turned on automatically', async () => {
    const { data } = await startWithSession(LAYOUTS[0]);
    const started = desktop.start(programPath('token-monitor-app'), ['--background'], data.env);
    await waitFor('the start to end', () => !isRunning(started.pid));
    assert.equal(await runAutostart(programPath('token-monitor-app'), 'status'), 'off');
    assert.ok(!existsSync(autostartEntry()));
  });

  test('starts this program, follows it when it moves, and is removed when turned off', async () => {
    const original = installApp('a folder');
    const moved = appIn('another folder');
    assert.equal(await runAutostart(original.app, 'on'), 'on');
    assert.equal(readExec(), `"${original.app}" --background`);
    await desktop.run('desktop-file-validate', [autostartEntry()]);

    renameSync(original.folder, moved.folder);
    assert.equal(await runAutostart(moved.app, 'repair'), 'on');
    assert.equal(readExec(), `"${moved.app}" --background`);

    assert.equal(await runAutostart(moved.app, 'off'), 'off');
    assert.ok(!existsSync(autostartEntry()));
    assert.equal(await runAutostart(moved.app, 'repair'), 'off');
    assert.ok(!existsSync(autostartEntry()), 'repair does not turn it on');
  });

  test('stays off if the desktop has turned it off', async () => {
    const app = programPath('token-monitor-app');
    await runAutostart(app, 'on');
    const entry = readFileSync(autostartEntry(), 'utf8');
    writeFileSync(autostartEntry(), `${entry.replace('--background', '--elsewhere')}Hidden=true\n`);
    assert.equal(await runAutostart(app, 'repair'), 'off');
    assert.match(readExec(), /--elsewhere/, 'the entry is not changed');
    await runAutostart(app, 'off');
  });
});

async function countWindows() {
  return (await desktop.windows()).filter(({ title }) => title === 'Token Monitor').length;
}

function appIn(name) {
  const folder = desktop.pathTo(name);
  return { folder, app: path.join(folder, 'token-monitor-app') };
}

/** Copies the app into a folder of its own. */
function installApp(name) {
  const installed = appIn(name);
  mkdirSync(installed.folder);
  cpSync(programPath('token-monitor-app'), installed.app);
  return installed;
}

async function runAutostart(app, action) {
  return (await desktop.run(app, [`--autostart=${action}`])).trim();
}

function autostartEntry() {
  return path.join(desktop.env.XDG_CONFIG_HOME, 'autostart/io.github.token-monitor.app.desktop');
}

function readExec() {
  return /^Exec=(.*)$/m.exec(readFileSync(autostartEntry(), 'utf8'))[1];
}
