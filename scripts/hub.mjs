// `npm run hub [-- --port NUMBER]`: shows the hub of a team with made-up members. Builds what is out of date, starts a throw-away
// PostgreSQL server and the hub, and opens the dashboard in the browser. Without a display, it prints the address only. Ctrl-C
// ends both, and nothing is left.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { startHub } from './lib/hub-process.mjs';
import { startPostgres } from './lib/postgres.mjs';
import { Failure, ROOT, main, run, step } from './lib/run.mjs';
import { addSampleTeam } from './lib/team-sample.mjs';

const USAGE = 'usage: npm run hub [-- --port NUMBER]';

/** The port of a hub. */
const DEFAULT_PORT = '7400';

const TARGET = process.env.CARGO_TARGET_DIR ?? path.join(ROOT, 'target');
const PROGRAM = path.join(TARGET, 'release/token-monitor-hub');

await main(async () => {
  const port = parsePort();
  if (process.platform === 'win32') throw new Failure('the throw-away PostgreSQL server needs Linux or macOS');
  if (!existsSync(path.join(ROOT, 'node_modules'))) step('Installing packages', () => run('npm', 'ci'));
  step('Building the dashboard', () => run('npx', 'vite', 'build', 'ui', '--mode', 'team'));
  step('Building the hub (several minutes the first time)', () =>
    run('cargo', 'build', '--release', '--locked', '--package', 'token-monitor-hub'));
  await showTeam(`127.0.0.1:${port}`);
});

function parsePort() {
  try {
    const { values } = parseArgs({ options: { port: { type: 'string', default: DEFAULT_PORT } } });
    if (/^\d+$/.test(values.port)) return values.port;
  } catch {
    // The usage says what is right.
  }
  throw new Failure(USAGE);
}

/** Shows the dashboard until a signal comes or the hub ends. */
async function showTeam(address) {
  const stopped = waitForSignal();
  const postgres = await startPostgres({ fsync: 'off' });
  let hub;
  try {
    hub = await startHub(PROGRAM, postgres.url, address);
    const token = await addSampleTeam(PROGRAM, postgres.url, hub.url);
    console.log(`\nThe dashboard: ${hub.url}\nSign in with this token:\n${token}\n\nThe members and their usage are made up. To end, press Ctrl-C.`);
    openBrowser(hub.url);
    await Promise.race([stopped, new Promise((resolve) => hub.child.once('exit', resolve))]);
  } finally {
    await hub?.stop();
    await postgres.stop();
  }
  console.log('The hub and its database are gone.');
}

function waitForSignal() {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
  });
}

/** Opens an address in the browser, if there is a display. */
function openBrowser(url) {
  const hasDisplay = process.platform === 'darwin' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!hasDisplay) return;
  const opener = spawn(process.platform === 'darwin' ? 'open' : 'xdg-open', [url], { detached: true, stdio: 'ignore' });
  opener.once('error', () => console.log('Open the address in a browser.'));
  opener.unref();
}
