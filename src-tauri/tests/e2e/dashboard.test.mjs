// The web dashboard of the real server in a real browser, beside the app whose figures it shows.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';

import axe from 'axe-core';
import { chromium } from 'playwright-core';

import { desktop, describeLayouts, startWithSession } from './harness.mjs';
import { createData, programPath, startMonitor } from './monitor.mjs';
import { openTab } from './popover-page.mjs';
import { isRunning } from './processes.mjs';
import { waitFor } from './wait.mjs';

const TABS = ['now', 'sessions', 'blocks', 'history', 'alerts', 'settings'];

/** Executables in order of preference. */
const BROWSERS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/google-chrome'];

let browser;
before(async () => {
  const executablePath = process.env.CHROMIUM ?? BROWSERS.find(existsSync);
  assert.ok(executablePath, 'a browser is installed: npm test installs one');
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
});
after(() => browser?.close());

describeLayouts('the web dashboard', (layout) => {
  test('signs in, follows the figures, renames and exports, and leaves the app alone', async () => {
    const { data, session, monitor } = await startWithSession(layout);
    const server = await startServer(data.env);
    const { page, problems } = await openPage(server.link);

    const shownTokens = () => page.getByTestId('today-total').getAttribute('data-value').then(Number);
    await waitFor('the tokens of the logs', async () => (await shownTokens()) === data.claude.tokens);
    session.answer();
    await waitFor('the tokens of the new line', async () => (await shownTokens()) === data.claude.tokens);
    assert.equal((await monitor.runJson('status')).today.totalTokens, data.claude.tokens);

    await page.getByTestId('tab-sessions').click();
    await page.getByTestId('session-pane').getByTestId('rename-button').click();
    await page.getByTestId('rename-input').fill('Orrery');
    await page.getByTestId('rename-input').press('Enter');
    await waitFor('the name in the store', async () => (await monitor.runJson('sessions')).sessions[0].displayName === 'Orrery');

    assert.equal(await exportDays(page), await monitor.run('export', '--by', 'day,model'));
    for (const tab of TABS) assert.deepEqual(await findAccessibilityProblems(page, tab), [], tab);
    assert.deepEqual(problems, [], 'nothing was blocked and nothing failed');

    assert.deepEqual(listeningPorts(monitor.pid), [], 'the app opens no port');
    server.child.kill('SIGKILL');
    await waitFor('the server to end', () => !isRunning(server.child.pid));
    assert.ok(isRunning(monitor.pid), 'the app runs on');
  });

  test('is run by the app while the setting is on, and its button opens it signed in', async () => {
    const data = createData(desktop);
    data.claude.session().answer();
    const blocker = createServer().listen(0, '127.0.0.1').unref();
    await once(blocker, 'listening');
    const address = `127.0.0.1:${blocker.address().port}`;
    writeFileSync(data.env.TOKEN_MONITOR_CONFIG, `serve: { listen: "${address}" }\n`);
    const opened = recordOpenedLinks(path.dirname(data.env.TOKEN_MONITOR_CONFIG));
    const monitor = await startMonitor(desktop, layout, data, { automated: true, env: opened.env });
    const page = await monitor.openWithDriver();
    await openTab(page, 'settings');
    await page.click('[data-testid="group-web"] .setting-group__header');
    await page.click('[data-key="serve.enabled"] [role=switch]');
    const problems = async () => (await monitor.runJson('status')).problems.filter(({ code }) => code === 'dashboardUnavailable');
    const problem = await waitFor('the address in use to be reported', async () => (await problems())[0]);
    assert.match(problem.message, new RegExp(`^token-monitor serve has ended: cannot listen at http://${address}: `));
    blocker.close();
    await waitFor('the next attempt', async () => (await problems()).length === 0);

    assert.equal(await page.textOf('[data-testid="dashboard-address"]'), `http://${address}`);
    await page.click('[data-testid="open-dashboard"]');
    const link = await waitFor('the link to be opened', () => opened.read()[0]);
    await page.detach();
    assert.ok(link.startsWith(`http://${address}/sign-in?code=`), link);
    const dashboard = await openPage(link);
    const tokens = () => dashboard.page.getByTestId('today-total').getAttribute('data-value').then(Number);
    await waitFor('the tokens of the logs', async () => (await tokens()) === data.claude.tokens);
    assert.ok(!listeningPorts(monitor.pid).includes(Number(address.split(':')[1])), 'the port belongs to the server');

    await monitor.run('settings', 'set', 'serve.enabled', 'false');
    const isReachable = () => fetch(`http://${address}/health`).then(() => true, () => false);
    await waitFor('the server to end', async () => !(await isReachable()));
    await monitor.run('settings', 'set', 'serve.enabled', 'true');
    await waitFor('the server to run again', isReachable);
    await monitor.quit();
    await waitFor('the server to end with the app', async () => !(await isReachable()));
  });
});

/** Replaces the program that opens links by one that records them in a folder. */
function recordOpenedLinks(folder) {
  const [bin, file] = [path.join(folder, 'bin'), path.join(folder, 'opened-links')];
  mkdirSync(bin, { recursive: true });
  writeFileSync(path.join(bin, 'xdg-open'), `#!/bin/sh\necho "$1" >> '${file}'\n`, { mode: 0o755 });
  return {
    env: { PATH: `${bin}:${process.env.PATH}` },
    read: () => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []),
  };
}

/** Starts the server, and waits for the link that signs in. */
async function startServer(env) {
  const child = spawn(programPath('token-monitor'), ['serve', '--listen', '127.0.0.1:0'], {
    env: { ...desktop.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const link = /^Sign in, once .*: (http:\S+)$/.exec(line)?.[1];
    if (link) return { child, link };
  }
  throw new Error('the server ended without an address');
}

/** Opens an address in a new profile. Violations of the page's policy and errors are added to `problems`. */
async function openPage(address) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await page.goto(address);
  return { page, problems };
}

/** Exports the shown days by model from *History*, and returns the file. */
async function exportDays(page) {
  await page.getByTestId('tab-history').click();
  await page.getByTestId('export').click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('save-export').click()]);
  await page.keyboard.press('Escape');
  return readFileSync(await download.path(), 'utf8');
}

async function findAccessibilityProblems(page, tab) {
  await page.getByTestId(`tab-${tab}`).click();
  await page.locator(`[data-testid="tab-${tab}"][aria-selected="true"]`).waitFor();
  // A color that is fading in has not its contrast yet.
  await page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState !== 'running'));
  const { violations } = await page.evaluate(`${axe.source}; axe.run(document)`);
  return violations.map(({ id }) => id);
}

/** Returns the TCP ports at which a process listens. */
function listeningPorts(pid) {
  const inodes = readdirSync(`/proc/${pid}/fd`).map((fd) => /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1]);
  const rows = ['tcp', 'tcp6'].flatMap((table) => readFileSync(`/proc/${pid}/net/${table}`, 'utf8').split('\n').slice(1));
  const sockets = rows.map((row) => row.trim().split(/\s+/)).filter(([, , , state]) => state === '0A');
  return sockets.filter((fields) => inodes.includes(fields[9])).map(([, local]) => parseInt(local.split(':')[1], 16));
}
