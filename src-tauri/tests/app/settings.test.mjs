// What a person sets and adds, from the popover to the command and back, through a restart; and the icon, which shows
// what is chosen and comes back with its panel.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { untilItem } from './bus.mjs';
import { ENTER } from './driver.mjs';
import { binary, startMonitor } from './monitor.mjs';
import { untilIconShows } from './panel.mjs';
import { openSessions, row, withSessions } from './sessions.mjs';
import { desktop, inEachLayout } from './suite.mjs';
import { until, untilChanged } from './waiting.mjs';

inEachLayout('settings', (layout) => {
  test('a label given in the popover finds its session after a restart', async () => {
    const { data, ids } = withSessions(3);
    const first = await startMonitor(desktop, layout, data, { driven: true });
    const page = await openSessions(first);
    await page.click(`${row(ids[1])} [data-testid="rename-button"]`);
    const field = await page.find('tags-input');
    await field.type(`harbour${ENTER}`);
    const tags = async () => (await first.command('sessions')).sessions.find(({ sessionId }) => sessionId === ids[1]).tags;
    await until('the label to be kept', async () => (await tags()).includes('harbour'));
    await page.leave();
    await first.quit();

    const second = await startMonitor(desktop, layout, data, { driven: true });
    const again = await openSessions(second);
    await (await again.find('search')).type('harbour');
    await until('one session to be found', async () => (await again.count('session-row')) === 1);
    assert.ok(await again.peek(row(ids[1])), 'the one with the label');
    await again.leave();
  });

  test('a theme that is set shows at once, and is still set after a restart', async () => {
    const { data } = withSessions(1);
    const first = await startMonitor(desktop, layout, data, { driven: true });
    const page = await first.drivePopover();
    for (const theme of ['dark', 'light']) {
      await set(data, 'display.theme', theme);
      await until(`the ${theme} theme`, async () => (await scheme(page)) === theme);
    }
    await set(data, 'display.theme', 'dark');
    await page.leave();
    await first.quit();

    const second = await startMonitor(desktop, layout, data, { driven: true });
    const again = await second.drivePopover();
    await until('the dark theme', async () => (await scheme(again)) === 'dark');
    await again.leave();
  });

  test('what is set on its page holds, says where it comes from, and goes back', async () => {
    const { data } = withSessions(1);
    const monitor = await startMonitor(desktop, layout, data, { driven: true });
    const page = await monitor.drivePopover();
    await page.click('[data-testid="tab-settings"]');
    await page.click('[data-testid="group-look"] .group-head');
    const theme = '[data-key="display.theme"]';
    await page.click(`${theme} [data-value="dark"]`);
    await until('the dark theme', async () => (await scheme(page)) === 'dark');
    const row = async () => (await monitor.command('settings')).rows.find(({ key }) => key === 'display.theme');
    assert.deepEqual([(await row()).value, (await row()).origin], ['dark', 'saved']);
    await until('its origin on the page', async () => /saved/.test(await page.peek(`${theme} [data-testid="origin"]`)));
    await page.click(`${theme} [data-testid="reset"]`);
    await until('the setting to go back', async () => (await row()).origin === 'default');
    await page.leave();
  });

  test('a setting that makes no sense is refused, and nothing changes', async () => {
    const { data } = withSessions(1);
    const monitor = await startMonitor(desktop, layout, data);
    await assert.rejects(set(data, 'display.theme', 'mauve'), /auto, light, dark/);
    const { rows } = await monitor.command('settings');
    assert.equal(rows.find(({ key }) => key === 'display.theme').value, 'auto');
  });

  test('the icon shows what is chosen', async () => {
    const { data } = withSessions(1);
    const monitor = await startMonitor(desktop, layout, data);
    const picture = await monitor.item.picture();
    await set(data, 'display.tray', 'cost');
    await untilChanged('the picture', picture, () => monitor.item.picture());
  });

  // Tauri's tray, which the one process has, knows no text on Linux.
  const beside = async () => {
    const { data } = withSessions(1);
    const monitor = await startMonitor(desktop, layout, data);
    await set(data, 'display.tray', 'tokens, cost');
    await until('both beside it', async () => /^19k · \$\d+\.\d\d$/.test((await monitor.item.label()) ?? ''));
    await set(data, 'display.tray', 'icon');
    await until('nothing beside it', async () => (await monitor.item.label()) === '');
  };
  if (layout.popoverIsAProcess) test('what is chosen stands beside the icon, too', beside);

  test('a panel that is restarted shows the icon again', async () => {
    const { data } = withSessions(1);
    const monitor = await startMonitor(desktop, layout, data);
    await desktop.restartPanel();
    const item = await untilItem(desktop);
    assert.equal(await item.pid(), monitor.pid, 'it is ours');
    await untilIconShows(desktop);
  });
});

function set(data, key, value) {
  return desktop.ask(binary('token-monitor'), ['settings', 'set', key, value], data.env);
}

function scheme(page) {
  return page.run('return document.documentElement.dataset.scheme');
}
