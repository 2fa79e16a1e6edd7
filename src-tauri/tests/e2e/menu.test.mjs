// The menu of the tray icon on a real panel: its figures can be read, lead to their page, and can be copied.

import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { desktop, describeLayouts } from './harness.mjs';
import { createData, startMonitor } from './monitor.mjs';
import { waitFor } from './wait.mjs';
import { connectToDisplay } from './x-client.mjs';

/** The most characters of a line. */
const MAX_LINE_CHARS = 40;

describeLayouts('the menu', (layout) => {
  test('no line is longer than 40 characters or gray, even with an invalid setting', async () => {
    const { monitor } = await start(layout, 'blocks: { token_limit: "a very long and invalid value of 1234567 tokens" }');
    const lines = await readLines(monitor);
    assert.ok(lines.some(({ label }) => label.includes('blocks.token')), JSON.stringify(lines));
    for (const { label, isEnabled } of lines) {
      assert.ok(label.replaceAll('__', '_').length <= MAX_LINE_CHARS, `${label} is too long`);
      assert.ok(isEnabled, `${label} is gray`);
    }
    if (process.env.TOKEN_MONITOR_TEST_PICTURES) {
      const [x, y] = monitor.icon.center;
      await desktop.run('xdotool', ['mousemove', String(x), String(y), 'click', '3']);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const name = `menu-${layout.popoverIsAProcess ? 'process' : 'window'}.png`;
      await desktop.screenshot(path.join(process.env.TOKEN_MONITOR_TEST_PICTURES, name));
      await desktop.pressKey('Escape');
    }
  });

  test('a figure opens the popover, and all figures can be copied', async () => {
    const { monitor } = await start(layout, '');
    const find = async (text) => (await readLines(monitor)).find(({ label }) => label.includes(text));
    const display = await connectToDisplay(desktop.env.DISPLAY);
    assert.equal(await display.hasSelectionOwner('CLIPBOARD'), false);
    await monitor.item.selectMenuItem((await find('Copy these figures')).id);
    await waitFor('a copied text', () => display.hasSelectionOwner('CLIPBOARD'));
    display.close();
    await monitor.item.selectMenuItem((await find('tokens today')).id);
    await monitor.waitUntilOpen();
  });
});

async function start(layout, settings) {
  const data = createData(desktop);
  appendFileSync(data.env.TOKEN_MONITOR_CONFIG, `${settings}\n`);
  data.claude.session().answer();
  return { monitor: await startMonitor(desktop, layout, data) };
}

async function readLines(monitor) {
  return waitFor('the menu', async () => {
    const lines = await monitor.item.menuItems();
    return lines.some(({ label }) => label.includes('tokens today')) && lines;
  });
}
