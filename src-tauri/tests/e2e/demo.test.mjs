// Sample data: marked everywhere, apart from a person's own data, and gone without a trace at the end.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { waitForTrayItem } from './dbus.mjs';
import { desktop, describeLayouts } from './harness.mjs';
import { createData, programPath, startMonitor } from './monitor.mjs';
import { openTab, readTodayTokens } from './popover-page.mjs';
import { waitFor } from './wait.mjs';
import { allowDriver, attachDriver } from './webdriver.mjs';

const TABS = ['now', 'sessions', 'blocks', 'history', 'alerts', 'settings'];

/** Reading a year in a debug build takes a while. */
const DEMO_TIMEOUT_MS = 60_000;

describeLayouts('sample data', (layout) => {
  test('an app with sample data is marked everywhere and leaves no trace', async () => {
    const { env, temporary } = createTemporaryFolder();
    const before = hashTree(desktop.home);
    const driver = await allowDriver();
    const args = layout.popoverIsAProcess ? ['--demo'] : [...layout.args, '--demo'];
    desktop.start(programPath('token-monitor-app'), args, { ...env, ...driver.env });
    const item = await waitForTrayItem(desktop);
    await waitFor('the mark in the tooltip', async () => (await item.tooltip()).startsWith('Sample data'), DEMO_TIMEOUT_MS);
    assert.match((await item.menuItems()).map(({ label }) => label).join('\n'), /Sample data, not your usage/);

    await item.activate(1200, 15);
    const page = await attachDriver(desktop, driver.port);
    for (const tab of TABS) {
      await openTab(page, tab);
      await page.waitForTestId('demo-bar');
    }
    await openTab(page, 'settings');
    await page.waitForTestId('group-appearance');
    assert.equal(await page.count('autostart'), 0, 'the login entry cannot be changed');
    await page.clickToEnd('[data-testid="leave-demo"]', () => readdirSync(temporary).length === 0);
    assert.equal(hashTree(desktop.home), before, 'nothing in the home folder has changed');
    assert.ok(!existsSync(env.TOKEN_MONITOR_DB), 'there is no store of the own data');
  });

  test('looking around replaces the own data in the popover only', async () => {
    const { data, env, temporary } = createTemporaryFolder();
    const monitor = await startMonitor(desktop, layout, data, { automated: true, env });
    const page = await monitor.openWithDriver();
    await page.waitForTestId('empty-state');
    await page.click('[data-testid="look-around"]');
    await page.waitForTestId('demo-bar', DEMO_TIMEOUT_MS);
    await waitFor('figures', async () => (await readTodayTokens(page)) > 0, DEMO_TIMEOUT_MS);
    assert.doesNotMatch(await monitor.item.tooltip(), /Sample data/, 'the icon shows the own data');
    assert.equal((await monitor.runJson('status')).today.totalTokens, 0);
    await page.click('[data-testid="leave-demo"]');
    await page.waitForTestId('empty-state');
    assert.equal(await page.count('demo-bar'), 0);
    await waitFor('the sample data to be removed', () => readdirSync(temporary).length === 0);
    await page.detach();
  });

  test('sample data ends with the popover', async () => {
    const { data, env, temporary } = createTemporaryFolder();
    const monitor = await startMonitor(desktop, layout, data, { automated: true, env });
    const page = await monitor.openWithDriver();
    await page.waitForTestId('empty-state');
    await page.click('[data-testid="look-around"]');
    await page.waitForTestId('demo-bar', DEMO_TIMEOUT_MS);
    await page.detach();
    await monitor.quit();
    assert.deepEqual(readdirSync(temporary), []);
  });
});

/** Creates empty data, and a temporary folder of its own. */
function createTemporaryFolder() {
  const data = createData(desktop);
  const temporary = path.join(path.dirname(data.env.TOKEN_MONITOR_DB), 'tmp');
  mkdirSync(temporary, { recursive: true });
  // The app that starts a tray process reads its first line of output only.
  delete data.env.TOKEN_MONITOR_TRACE_PAINT;
  return { data, temporary, env: { ...data.env, TMPDIR: temporary } };
}

/**
 * Returns a hash of the names and contents of the settings, stores, login entries and Claude Code files below a folder.
 * The cache of the web view is not part of it.
 */
function hashTree(folder) {
  const hash = createHash('sha256');
  const isOwn = (file) => /\.config\/(token-monitor|autostart)|\.claude/.test(file);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const file of files.map((entry) => path.join(entry.parentPath, entry.name)).filter(isOwn).sort()) {
    hash.update(file).update(readFileSync(file));
  }
  return hash.digest('hex');
}
