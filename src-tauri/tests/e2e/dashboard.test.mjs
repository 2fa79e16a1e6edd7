// The web dashboard of the real server in a real browser, beside the app whose figures it shows.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';

import axe from 'axe-core';
import { chromium } from 'playwright-core';

import { desktop, describeLayouts, startWithSession } from './harness.mjs';
import { programPath } from './monitor.mjs';
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
});

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
