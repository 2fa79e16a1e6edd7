// `npm run package [-- deb rpm]`: builds packages for this system. Checks the Debian package's content, installs it as root
// or with sudo, opens its icon and popover on a private desktop, and removes it again.

import { readdirSync } from 'node:fs';
import path from 'node:path';

import { Failure, ROOT, main, npm, read, run, step } from './lib/run.mjs';

const PACKAGE = 'token-monitor';

/** The files that the package must contain. */
const REQUIRED_FILES = [
  '/usr/bin/token-monitor',
  '/usr/bin/token-monitor-app',
  '/usr/bin/token-monitor-tray',
  '/usr/share/applications/Token Monitor.desktop',
  '/usr/share/bash-completion/completions/token-monitor',
  '/usr/share/fish/vendor_completions.d/token-monitor.fish',
  '/usr/share/man/man1/token-monitor.1',
  '/usr/share/man/man1/token-monitor-days.1',
  '/usr/share/zsh/vendor-completions/_token-monitor',
  '/usr/share/doc/token-monitor/THIRD-PARTY-LICENSES',
  '/usr/share/doc/token-monitor/copyright',
  '/usr/share/icons/hicolor/128x128/apps/token-monitor-app.png',
];

await main(async () => {
  const requested = process.argv.slice(2);
  const bundles = requested.length > 0 ? requested : ['deb', 'rpm'];
  step('Building packages', () => npm('tauri', 'build', '--ci', '--bundles', bundles.join(',')));
  if (!bundles.includes('deb')) return;
  const file = findPackage('deb');
  step('Checking the package', () => checkContent(file));
  step('Installing the package', () => asRoot('apt-get', 'install', '--yes', '--no-install-recommends', file));
  try {
    console.log('\n▸ Running the installed app');
    await runInstalled();
  } finally {
    step('Removing the package', () => asRoot('apt-get', 'remove', '--yes', PACKAGE), { last: true });
  }
});

function asRoot(...command) {
  run(...(process.getuid() === 0 ? command : ['sudo', ...command]));
}

function findPackage(kind) {
  const folder = path.join(process.env.CARGO_TARGET_DIR ?? path.join(ROOT, 'target'), 'release/bundle', kind);
  const version = JSON.parse(read('npm', 'pkg', 'get', 'version'));
  const file = readdirSync(folder).find((name) => name.endsWith(`.${kind}`) && name.includes(version));
  if (!file) throw new Failure(`no package in ${folder}`);
  return path.join(folder, file);
}

function checkContent(file) {
  // The path follows the time, with or without a dot before its first slash. It may contain spaces.
  const paths = read('dpkg-deb', '--contents', file).split('\n').map((line) => line.replace(/^.* \d\d:\d\d (\.?\/)?/, '/'));
  const missing = REQUIRED_FILES.filter((required) => !paths.includes(required));
  if (missing.length > 0) throw new Failure(`${path.basename(file)} lacks ${missing.join(', ')}`);
  const depends = read('dpkg-deb', '--field', file, 'Depends');
  if (/appindicator/.test(depends)) throw new Failure(`the package depends on a library that it does not use: ${depends}`);
  console.log(read('dpkg-deb', '--field', file));
}

async function runInstalled() {
  process.env.TOKEN_MONITOR_TEST_BINARIES = '/usr/bin';
  const { openDesktop } = await import('../src-tauri/tests/e2e/desktop.mjs');
  const { LAYOUTS, createData, startMonitor } = await import('../src-tauri/tests/e2e/monitor.mjs');
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
