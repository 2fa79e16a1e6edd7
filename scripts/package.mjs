// `npm run package [-- deb rpm]`: builds the packages for this system, looks into them, installs the Debian one as root
// or with sudo, starts what it installed on a private desktop, sees the icon and the popover, and removes it again.

import { readdirSync } from 'node:fs';
import path from 'node:path';

import { Failed, ROOT, main, npm, read, run, step } from './steps.mjs';

const PACKAGE = 'token-monitor';

/** What must be in it, whatever the packager's version. */
const CARRIED = [
  '/usr/bin/token-monitor',
  '/usr/bin/token-monitor-app',
  '/usr/share/applications/Token Monitor.desktop',
  '/usr/share/doc/token-monitor/copyright',
  '/usr/share/icons/hicolor/128x128/apps/token-monitor-app.png',
];

await main(async () => {
  const wanted = process.argv.slice(2);
  const bundles = wanted.length > 0 ? wanted : ['deb', 'rpm'];
  step('Packages', () => npm('tauri', 'build', '--ci', '--bundles', bundles.join(',')));
  if (!bundles.includes('deb')) return;
  const file = built('deb');
  step('What is in the package', () => lookInto(file));
  step('Installing it', () => asRoot('apt-get', 'install', '--yes', '--no-install-recommends', file));
  try {
    console.log('\n▸ What was installed, on a private desktop');
    await tryInstalled();
  } finally {
    step('Removing it', () => asRoot('apt-get', 'remove', '--yes', PACKAGE), { last: true });
  }
});

function asRoot(...command) {
  run(...(process.getuid() === 0 ? command : ['sudo', ...command]));
}

function built(kind) {
  const folder = path.join(process.env.CARGO_TARGET_DIR ?? path.join(ROOT, 'target'), 'release/bundle', kind);
  const version = JSON.parse(read('npm', 'pkg', 'get', 'version'));
  const file = readdirSync(folder).find((name) => name.endsWith(`.${kind}`) && name.includes(version));
  if (!file) throw new Failed(`there is no package in ${folder}`);
  return path.join(folder, file);
}

function lookInto(file) {
  // A name may hold spaces; it is what stands after the time, with or without a point before its first slash.
  const paths = read('dpkg-deb', '--contents', file).split('\n').map((line) => line.replace(/^.* \d\d:\d\d (\.?\/)?/, '/'));
  const missing = CARRIED.filter((carried) => !paths.includes(carried));
  if (missing.length > 0) throw new Failed(`${path.basename(file)} lacks ${missing.join(', ')}`);
  const depends = read('dpkg-deb', '--field', file, 'Depends');
  if (/appindicator/.test(depends)) throw new Failed(`it asks for what it does not use: ${depends}`);
  console.log(read('dpkg-deb', '--field', file));
}

async function tryInstalled() {
  process.env.TOKEN_MONITOR_TEST_BINARIES = '/usr/bin';
  const { openDesktop } = await import('../src-tauri/tests/app/desktop.mjs');
  const { LAYOUTS, newData, startMonitor } = await import('../src-tauri/tests/app/monitor.mjs');
  const desktop = await openDesktop();
  try {
    const data = newData(desktop);
    data.claude.session().answer();
    const monitor = await startMonitor(desktop, LAYOUTS[0], data);
    await monitor.clickIcon();
    await monitor.untilOpen();
    await monitor.escape();
    await monitor.quit();
    console.log('✔ the icon, the popover, and an orderly end');
  } finally {
    desktop.close();
  }
}
