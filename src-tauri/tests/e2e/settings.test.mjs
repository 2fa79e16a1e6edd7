// Settings and tags, from the popover to the command and back, and over a restart; and the icon, which follows its
// settings and survives a restart of the panel.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { waitForTrayItem } from './dbus.mjs';
import { desktop, describeLayouts } from './harness.mjs';
import { startMonitor } from './monitor.mjs';
import { waitForIcon } from './panel.mjs';
import { createSessions, openSessions, openTab, readColorScheme, sessionRow } from './popover-page.mjs';
import { waitFor, waitForChange } from './wait.mjs';
import { ENTER } from './webdriver.mjs';

describeLayouts('settings', (layout) => {
  test('a tag added in the popover finds its session after a restart', async () => {
    const { data, ids } = createSessions(3);
    const first = await startMonitor(desktop, layout, data, { automated: true });
    const page = await openSessions(first);
    await page.click(`${sessionRow(ids[1])} [data-testid="rename-button"]`);
    const field = await page.waitForTestId('tags-input');
    await field.type(`harbour${ENTER}`);
    const isTagged = ({ sessionId, tags }) => sessionId === ids[1] && tags.includes('harbour');
    await waitFor('the tag to be stored', async () => (await first.runJson('sessions')).sessions.some(isTagged));
    await page.detach();
    await first.quit();

    const second = await startMonitor(desktop, layout, data, { automated: true });
    const secondPage = await openSessions(second);
    await (await secondPage.waitForTestId('search')).type('harbour');
    await waitFor('one session to be found', async () => (await secondPage.count('session-row')) === 1);
    assert.ok(await secondPage.textOf(sessionRow(ids[1])), 'the session with the tag is found');
    await secondPage.detach();
  });

  test('a theme applies immediately and is kept over a restart', async () => {
    const { data } = createSessions(1);
    const first = await startMonitor(desktop, layout, data, { automated: true });
    const page = await first.openWithDriver();
    for (const theme of ['dark', 'light']) {
      await set(first, 'display.theme', theme);
      await waitFor(`the ${theme} theme`, async () => (await readColorScheme(page)) === theme);
    }
    await set(first, 'display.theme', 'dark');
    await page.detach();
    await first.quit();

    const second = await startMonitor(desktop, layout, data, { automated: true });
    const secondPage = await second.openWithDriver();
    await waitFor('the dark theme', async () => (await readColorScheme(secondPage)) === 'dark');
    await secondPage.detach();
  });

  test('a setting changed on its page applies, shows its origin, and can be reset', async () => {
    const { data } = createSessions(1);
    const monitor = await startMonitor(desktop, layout, data, { automated: true });
    const page = await monitor.openWithDriver();
    await openTab(page, 'settings');
    const theme = '[data-key="display.theme"]';
    await page.click(`${theme} [data-value="dark"]`);
    await waitFor('the dark theme', async () => (await readColorScheme(page)) === 'dark');
    const { value, origin } = await readSetting(monitor, 'display.theme');
    assert.deepEqual([value, origin], ['dark', 'saved']);
    const readOrigin = () => page.textOf(`${theme} [data-testid="origin"]`);
    await waitFor('the origin on the page', async () => /saved/.test(await readOrigin()));
    await page.click(`${theme} [data-testid="reset"]`);
    await waitFor('the setting to be reset', async () => (await readSetting(monitor, 'display.theme')).origin === 'default');
    await page.detach();
  });

  test('an invalid value is rejected and changes nothing', async () => {
    const { data } = createSessions(1);
    const monitor = await startMonitor(desktop, layout, data);
    await assert.rejects(set(monitor, 'display.theme', 'mauve'), /auto, light, dark/);
    assert.equal((await readSetting(monitor, 'display.theme')).value, 'auto');
  });

  test('the icon shows the chosen figure', async () => {
    const { data } = createSessions(1);
    const monitor = await startMonitor(desktop, layout, data);
    const icon = await monitor.item.iconHash();
    await set(monitor, 'display.tray', 'cost');
    await waitForChange('the icon', icon, () => monitor.item.iconHash());
  });

  const testLabel = async () => {
    const { data } = createSessions(1);
    const monitor = await startMonitor(desktop, layout, data);
    await set(monitor, 'display.tray', 'tokens, cost');
    const readLabel = () => monitor.item.label();
    await waitFor('both figures', async () => /^19k · \$\d+\.\d\d$/.test((await readLabel()) ?? ''));
    await set(monitor, 'display.tray', 'icon');
    await waitFor('an empty label', async () => (await readLabel()) === '');
  };
  // Tauri's tray, which the one-process layout uses, has no label on Linux.
  if (layout.popoverIsAProcess) test('the label beside the icon shows the chosen figures', testLabel);

  test('a restarted panel shows the icon again', async () => {
    const { data } = createSessions(1);
    const monitor = await startMonitor(desktop, layout, data);
    await desktop.restartPanel();
    const item = await waitForTrayItem(desktop);
    assert.equal(await item.pid(), monitor.pid, 'the item belongs to the same process');
    await waitForIcon(desktop);
  });
});

async function set(monitor, key, value) {
  await monitor.run('settings', 'set', key, value);
}

async function readSetting(monitor, key) {
  const { rows } = await monitor.runJson('settings');
  return rows.find((row) => row.key === key);
}
