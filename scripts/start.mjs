// `npm start`: sets up what is missing, builds what is out of date, and starts Token Monitor. On Linux it stays until
// the resident ends, so that Ctrl-C ends what it started; a resident that ran before is left alone.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { APP_FEATURES, Failed, ROOT, main, npm, run, setUp, step } from './steps.mjs';

const SUFFIX = process.platform === 'win32' ? '.exe' : '';
const BUILT = path.join(ROOT, 'target/release');
const APP = path.join(BUILT, `token-monitor-app${SUFFIX}`);
const RESIDENT = path.join(BUILT, `token-monitor${SUFFIX}`);

const UI_BUILT = path.join(ROOT, 'ui/dist/index.html');
const UI_SOURCES = ['ui/index.html', 'ui/vite.config.ts', 'ui/src', 'package-lock.json'];

/** How often to look whether the resident has ended; nobody waits for it. */
const LOOK_EVERY_MS = 1000;

await main(async () => {
  setUp('build');
  if (isUiOutOfDate()) step('Building the UI', () => npm('ui:build'));
  step('Building the programs (minutes the first time, seconds after that)', buildPrograms);
  await (process.platform === 'linux' ? startOnLinux() : startElsewhere());
});

function buildPrograms() {
  run('cargo', 'build', '--release', '--locked', '--package', 'token-monitor-cli');
  run('cargo', 'build', '--release', '--locked', ...APP_FEATURES);
}

function isUiOutOfDate() {
  if (!existsSync(UI_BUILT)) return true;
  const built = statSync(UI_BUILT).mtimeMs;
  return UI_SOURCES.some((source) => newest(path.join(ROOT, source)) > built);
}

/** When a file, or the youngest file of a folder, was last changed. */
function newest(place) {
  const { mtimeMs, isDirectory } = describe(place);
  if (!isDirectory) return mtimeMs;
  return readdirSync(place).reduce((latest, entry) => Math.max(latest, newest(path.join(place, entry))), mtimeMs);
}

function describe(place) {
  const stat = statSync(place);
  return { mtimeMs: stat.mtimeMs, isDirectory: stat.isDirectory() };
}

/** The app starts the resident if none answers, and ends; what stays in the tray is the resident. */
async function startOnLinux() {
  const before = new Set(residents());
  run(APP);
  const ours = residents().find((pid) => !before.has(pid));
  if (ours === undefined) {
    console.log('\nToken Monitor was running already; this build was not started. Quit it from its menu first.');
    return;
  }
  console.log('\nToken Monitor is in the tray: click its icon. To quit: Quit in its menu, or Ctrl-C here.');
  for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => process.kill(ours, 'SIGTERM'));
  while (residents().includes(ours)) await pause(LOOK_EVERY_MS);
  console.log('Token Monitor has ended.');
}

/** On macOS and Windows the app itself is what stays. */
async function startElsewhere() {
  console.log('\nToken Monitor is in the tray: click its icon. To quit: Quit in its menu, or Ctrl-C here.');
  const app = spawn(APP, [], { stdio: 'inherit' });
  process.on('SIGINT', () => app.kill());
  const code = await new Promise((resolve) => app.on('exit', resolve));
  if (code) throw new Failed(`Token Monitor ended with ${code}`);
}

/** The processes that run our resident from this build. */
function residents() {
  return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)).map(Number).filter(isResident);
}

/** A program built anew while it ran is called deleted; it is still ours. */
function isResident(pid) {
  try {
    const program = readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '');
    return program === RESIDENT && readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[1] === 'tray';
  } catch {
    return false;
  }
}
