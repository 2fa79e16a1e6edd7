// What is copied stays on the clipboard when the popover has closed. The share card, and the folder of a session.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { desktop, describeLayouts, startWithSession } from './harness.mjs';
import { startMonitor } from './monitor.mjs';
import { createSessions, openSessions, openTab, sessionRow } from './popover-page.mjs';
import { waitFor } from './wait.mjs';
import { connectToDisplay } from './x-client.mjs';

const PNG_SIGNATURE = '89504e470d0a1a0a';

describeLayouts('what the popover gives away', (layout) => {
  test('the command that resumes a session stays on the clipboard after the popover has closed', async () => {
    const { data, ids } = createSessions(1);
    const monitor = await startMonitor(desktop, layout, data, { automated: true });
    const page = await openSessions(monitor);
    await page.click(`${sessionRow(ids[0])} .session-row__toggle`);
    await page.click('[data-testid="copy-resume"]');
    const display = await connectToDisplay(desktop.env.DISPLAY);
    await waitFor('a copied text', () => display.hasSelectionOwner('CLIPBOARD'));
    display.close();
    await openTab(page, 'settings');
    await page.click('[data-testid="setting-search"]');
    await desktop.pressKey('ctrl+v');
    const pasted = () => page.execute('return document.querySelector(\'[data-testid="setting-search"]\').value');
    await waitFor('the pasted command', async () => (await pasted()) === `claude --resume ${ids[0]}`);
    await page.detach();
    await monitor.closeWithEscape();
    const again = await connectToDisplay(desktop.env.DISPLAY);
    assert.ok(await again.hasSelectionOwner('CLIPBOARD'), 'another process serves it');
    again.close();
  });

  test('the share card is a picture of the right size without text', async () => {
    const { monitor } = await startWithSession(layout, { automated: true });
    const page = await monitor.openWithDriver();
    await page.click('[data-testid="more-menu"]');
    await page.click('[data-testid="share"]');
    await page.waitForTestId('share-preview');
    await page.click('[data-testid="save-card"]');
    const path = await waitFor('the path of the picture', async () => {
      const result = await page.textOf('[data-testid="share-result"]');
      return /Saved to (.*\.png)/.exec(result)?.[1];
    });
    await page.detach();
    const png = readFileSync(path);
    assert.equal(png.subarray(0, 8).toString('hex'), PNG_SIGNATURE);
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [1200, 630]);
    assert.ok(!png.includes('orrery') && !/tEXt|iTXt|zTXt|eXIf/.test(png.toString('latin1')), 'no text in any form');
  });

  test('the history is exported as the command writes it', async () => {
    const { monitor } = await startWithSession(layout, { automated: true });
    const page = await monitor.openWithDriver();
    await openTab(page, 'history');
    // Its data changes the height of the window.
    await page.waitForTestId('history-readout');
    await page.click('[data-testid="export"]');
    await page.click('[data-testid="save-export"]');
    const path = await waitFor('the path of the file', async () => {
      const result = await page.textOf('[data-testid="export-result"]');
      return /Saved to (.*\.csv)/.exec(result)?.[1];
    });
    await page.detach();
    const written = readFileSync(path, 'utf8');
    assert.equal(written, await monitor.run('export', '--by', 'day,model', '--since', '30d'));
    assert.match(written, /claude-/, 'there is a row');
  });

  test('a folder that does not exist is not opened', async () => {
    const { data, ids } = createSessions(1);
    const monitor = await startMonitor(desktop, layout, data, { automated: true });
    const page = await openSessions(monitor);
    await page.click(`${sessionRow(ids[0])} .session-row__toggle`);
    await page.click('[data-testid="open-folder"]');
    const refusal = await page.waitForTestId('folder-refusal');
    assert.match(await refusal.text(), /does not exist on this computer/);
    await page.detach();
  });
});
