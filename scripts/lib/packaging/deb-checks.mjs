// Tests of the Debian package: its content, lintian, and the life of an installed one: it is installed, counts a log, is
// upgraded, keeps the data, shows its icon and popover, and is removed. Installing needs root or sudo.

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';

import { Failure, read, run, step } from '../run.mjs';

const PACKAGE = 'token-monitor';

/** Files that the package must contain. */
const REQUIRED_FILES = [
  '/usr/bin/token-monitor',
  '/usr/bin/token-monitor-app',
  '/usr/bin/token-monitor-tray',
  '/usr/share/applications/io.github.token_monitor.app.desktop',
  '/usr/share/bash-completion/completions/token-monitor',
  '/usr/share/doc/token-monitor/OFL.txt',
  '/usr/share/doc/token-monitor/THIRD-PARTY-LICENSES',
  '/usr/share/doc/token-monitor/changelog.Debian.gz',
  '/usr/share/doc/token-monitor/changelog.gz',
  '/usr/share/doc/token-monitor/copyright',
  '/usr/share/elvish/lib/token-monitor.elv',
  '/usr/share/fish/vendor_completions.d/token-monitor.fish',
  '/usr/share/icons/hicolor/128x128/apps/token-monitor-app.png',
  '/usr/share/man/man1/token-monitor-app.1.gz',
  '/usr/share/man/man1/token-monitor-days.1.gz',
  '/usr/share/man/man1/token-monitor-tray.1.gz',
  '/usr/share/man/man1/token-monitor.1.gz',
  '/usr/share/metainfo/io.github.token_monitor.app.metainfo.xml',
  '/usr/share/zsh/vendor-completions/_token-monitor',
];

/** Files that the package of a team's hub must contain. */
const REQUIRED_HUB_FILES = [
  '/usr/bin/token-monitor-hub',
  '/usr/lib/systemd/system/token-monitor-hub.service',
  '/usr/share/doc/token-monitor-hub/OFL.txt',
  '/usr/share/doc/token-monitor-hub/THIRD-PARTY-LICENSES',
  '/usr/share/doc/token-monitor-hub/changelog.Debian.gz',
  '/usr/share/doc/token-monitor-hub/changelog.gz',
  '/usr/share/doc/token-monitor-hub/copyright',
  '/usr/share/man/man1/token-monitor-hub.1.gz',
];

/** Libraries without which the programs do not start. The package must depend on each, in a version. */
const REQUIRED_LIBRARIES = [/\blibc6 \(>= [\d.]+/, /\blibgcc-s1\b/, /\blibgtk-3-0/, /\blibwebkit2gtk-4\.1-0/];

/** The tokens of the one message that is counted before and after an upgrade. */
const TOKENS = 1234;

/** Checks the package of a team's hub. It must not need a desktop. */
export function checkHubDeb(file) {
  checkFiles(file, REQUIRED_HUB_FILES);
  const depends = read('dpkg-deb', '--field', file, 'Depends');
  if (/gtk|webkit|x11/.test(depends)) throw new Failure(`the hub depends on libraries of a desktop: ${depends}`);
  lint(file);
}

/** Checks the content and the control fields of a package, with lintian if it is installed. */
export function checkDeb(file) {
  checkFiles(file, REQUIRED_FILES);
  const depends = read('dpkg-deb', '--field', file, 'Depends');
  const absent = REQUIRED_LIBRARIES.filter((library) => !library.test(depends));
  if (absent.length > 0) throw new Failure(`the package does not depend on ${absent.join(', ')}: ${depends}`);
  if (/appindicator/.test(depends)) throw new Failure(`the package depends on a library that it does not use: ${depends}`);
  lint(file);
}

function checkFiles(file, required) {
  // The path follows the time, with or without a dot before its first slash. It may contain spaces.
  const paths = read('dpkg-deb', '--contents', file).split('\n').map((line) => line.replace(/^.* \d\d:\d\d (\.?\/)?/, '/'));
  const missing = required.filter((name) => !paths.includes(name));
  if (missing.length > 0) throw new Failure(`${path.basename(file)} lacks ${missing.join(', ')}`);
}

function lint(file) {
  console.log(read('dpkg-deb', '--field', file));
  if (spawnSync('lintian', ['--version']).error) return console.log('lintian is not installed; the package is not linted.');
  run('lintian', '--allow-root', '--fail-on', 'error', '--suppress-tags', 'initial-upload-closes-no-bugs', file);
}

/** Installs an earlier version, upgrades it, runs it, and removes it. */
export async function checkInstalled(file, earlier) {
  const home = mkdtempSync(path.join(os.tmpdir(), 'token-monitor-package-'));
  try {
    step('Installing the earlier version', () => install(earlier));
    step('Upgrading it', () => checkUpgrade(file, createUser(home)));
    console.log('\n▸ Running the installed app');
    await runInstalled();
  } finally {
    step('Removing the package', () => checkRemoval(home));
    rmSync(home, { recursive: true });
  }
}

function checkRemoval(home) {
  asRoot('apt-get', 'purge', '--yes', PACKAGE);
  const left = REQUIRED_FILES.filter((file) => existsSync(file));
  if (left.length > 0) throw new Failure(`after the removal there still are ${left.join(', ')}`);
  if (!existsSync(path.join(home, '.config/token-monitor/sessions.db'))) throw new Failure('the removal deleted data of the user');
  console.log("no file of the package is left; the user's data is");
}

function checkUpgrade(file, user) {
  const before = user.totalTokens();
  if (before !== TOKENS) throw new Failure(`the earlier version counted ${before} tokens instead of ${TOKENS}`);
  // The store must remember what the logs no longer contain.
  user.deleteLogs();
  install(file);
  const after = user.totalTokens();
  if (after !== TOKENS) throw new Failure(`after the upgrade ${after} tokens are counted instead of ${TOKENS}`);
  console.log(`${after} tokens before and after the upgrade, the second time without the log`);
}

/** Creates a home folder with one log, and returns functions that act on it. */
function createUser(home) {
  const claude = path.join(home, '.claude');
  const logs = path.join(claude, 'projects/-project');
  mkdirSync(logs, { recursive: true });
  writeFileSync(path.join(logs, '0b5fdb6c-7b52-4f7e-9d2e-0c4f4a6d1e11.jsonl'), `${JSON.stringify(message())}\n`);
  const env = { PATH: '/usr/bin:/bin', HOME: home, CLAUDE_CONFIG_DIR: claude, XDG_RUNTIME_DIR: home };
  return {
    deleteLogs: () => rmSync(logs, { recursive: true }),
    totalTokens: () => {
      const { stdout, stderr, status } = spawnSync('token-monitor', ['status', '--json'], { env, encoding: 'utf8' });
      if (status !== 0) throw new Failure(`token-monitor status failed: ${stderr}`);
      return JSON.parse(stdout).totals.totalTokens;
    },
  };
}

function message() {
  const usage = { input_tokens: TOKENS - 34, output_tokens: 34, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
  return {
    type: 'assistant',
    timestamp: '2026-11-02T09:30:00.000Z',
    sessionId: '0b5fdb6c-7b52-4f7e-9d2e-0c4f4a6d1e11',
    uuid: '5b2c1f4e-2a51-4b5c-8d7c-5d1f8b1c7a01',
    requestId: 'req_package',
    cwd: '/project',
    message: { id: 'msg_package', role: 'assistant', model: 'claude-sonnet-4-5-20250929', stop_reason: 'end_turn', usage },
  };
}

function install(file) {
  asRoot('apt-get', 'install', '--yes', '--no-install-recommends', file);
}

function asRoot(...command) {
  run(...(process.getuid() === 0 ? command : ['sudo', ...command]));
}

async function runInstalled() {
  process.env.TOKEN_MONITOR_TEST_BINARIES = '/usr/bin';
  const { openDesktop } = await import('../../../src-tauri/tests/e2e/desktop.mjs');
  const { LAYOUTS, createData, startMonitor } = await import('../../../src-tauri/tests/e2e/monitor.mjs');
  const desktop = await openDesktop();
  try {
    const data = createData(desktop);
    data.claude.session().answer();
    const monitor = await startMonitor(desktop, LAYOUTS[0], data);
    await monitor.clickIcon();
    await monitor.waitUntilOpen();
    await monitor.closeWithEscape();
    await monitor.quit();
    console.log('✔ the icon is shown, the popover opens, and all processes end');
  } finally {
    desktop.close();
  }
}
