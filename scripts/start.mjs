// `npm start [-- --build-only | --demo]`: installs what is missing, builds what is out of date, and starts Token Monitor.
// On Linux it runs until the tray process ends, so that Ctrl-C ends what it started. A tray process that was already
// running is left alone. The app prints what it shows and where; without a display, the figures are shown in this terminal.
// With `--build-only` nothing is started, with `--demo` it shows sample data.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { APP_FEATURES, Failure, ROOT, main, npm, run, setUp, step } from './lib/run.mjs';

const USAGE = 'usage: npm start [-- --build-only | --demo]';

const EXECUTABLE_SUFFIX = process.platform === 'win32' ? '.exe' : '';
const RELEASE_FOLDER = path.join(process.env.CARGO_TARGET_DIR ?? path.join(ROOT, 'target'), 'release');
const APP = path.join(RELEASE_FOLDER, `token-monitor-app${EXECUTABLE_SUFFIX}`);
const TRAY_PROCESS = path.join(RELEASE_FOLDER, 'token-monitor-tray');
const COMMAND = path.join(RELEASE_FOLDER, `token-monitor${EXECUTABLE_SUFFIX}`);

const BUILT_UIS = ['ui/dist/index.html', 'ui/dist-web/index.html'].map((file) => path.join(ROOT, file));
const UI_SOURCES = ['ui/index.html', 'ui/vite.config.ts', 'ui/web-app.ts', 'ui/src', 'package-lock.json'];

/** Interval of the checks for the end of the tray process. */
const POLL_INTERVAL_MS = 1000;

/** The subcommand that shows live figures in a terminal. */
const TERMINAL_VIEW = 'live';

/** The exit code of the app on a computer without a display. Equals `NO_DISPLAY` in src-tauri/src/main.rs. */
const NO_DISPLAY = 4;

const QUIT_MESSAGE = 'To quit, choose Quit in its menu or press Ctrl-C here.';

await main(async () => {
  const [option, ...rest] = process.argv.slice(2);
  if (option === '--help') return console.log(USAGE);
  if ((option && !['--build-only', '--demo'].includes(option)) || rest.length > 0) throw new Failure(USAGE);
  setUp('build');
  if (isUiOutOfDate()) step('Building the UI', () => npm('ui:build'));
  step('Building the programs (several minutes the first time)', buildPrograms);
  if (option === '--build-only') return;
  const args = option === '--demo' ? [option] : [];
  await (process.platform === 'linux' ? startOnLinux(args) : startElsewhere(args));
});

function buildPrograms() {
  run('cargo', 'build', '--release', '--locked', '--package', 'token-monitor-cli');
  run('cargo', 'build', '--release', '--locked', ...APP_FEATURES);
}

function isUiOutOfDate() {
  if (!BUILT_UIS.every((file) => existsSync(file))) return true;
  const builtAt = Math.min(...BUILT_UIS.map((file) => statSync(file).mtimeMs));
  return UI_SOURCES.some((source) => lastModified(path.join(ROOT, source)) > builtAt);
}

/** Returns when a file, or the newest file of a folder, was modified. */
function lastModified(file) {
  const stat = statSync(file);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(file).reduce((latest, entry) => Math.max(latest, lastModified(path.join(file, entry))), stat.mtimeMs);
}

/** Runs the app, which starts the tray process unless one is running, and then waits for that process. */
async function startOnLinux(args) {
  const before = new Set(trayProcesses());
  console.log();
  const { status, signal, error } = spawnSync(APP, args, { stdio: 'inherit' });
  if (error) throw new Failure(`could not start ${APP}: ${error.message}`);
  if (status === NO_DISPLAY) return showInTerminal(args);
  if (status !== 0) throw new Failure(`Token Monitor ended with ${signal ?? `exit code ${status}`}`);
  const started = trayProcesses().find((pid) => !before.has(pid));
  if (started === undefined) return console.log('To start this build, quit the running one from its menu first.');
  for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => terminate(started));
  console.log(QUIT_MESSAGE);
  while (trayProcesses().includes(started)) await sleep(POLL_INTERVAL_MS);
  console.log('Token Monitor has ended.');
}

/** Shows the figures in this terminal until the person ends it. */
async function showInTerminal(args) {
  console.log('The figures are shown in this terminal instead. To end, press Ctrl-C.\n');
  await runToEnd(COMMAND, [TERMINAL_VIEW, ...args]);
}

/** Runs the app. On macOS and Windows it is the tray process itself. */
async function startElsewhere(args) {
  console.log(`\nToken Monitor is in the tray: click its icon. ${QUIT_MESSAGE}`);
  await runToEnd(APP, args);
}

/** Runs a program in the foreground. Ctrl-C reaches the program itself. */
async function runToEnd(program, args) {
  const child = spawn(program, args, { stdio: 'inherit' });
  process.on('SIGINT', () => child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill());
  const [code, signal] = await new Promise((resolve) => child.on('exit', (...exit) => resolve(exit)));
  if (code) throw new Failure(`${path.basename(program)} ended with exit code ${code}`);
  if (signal && signal !== 'SIGINT' && signal !== 'SIGTERM') throw new Failure(`${path.basename(program)} was ended by ${signal}`);
}

/** Returns the ids of the tray processes that run from this build. */
function trayProcesses() {
  return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)).map(Number).filter(isTrayProcess);
}

/** Returns true for a tray process of this build. If its file was rebuilt meanwhile, the kernel marks it as deleted. */
function isTrayProcess(pid) {
  try {
    const program = readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '');
    return program === TRAY_PROCESS;
  } catch {
    return false;
  }
}

function terminate(pid) {
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
