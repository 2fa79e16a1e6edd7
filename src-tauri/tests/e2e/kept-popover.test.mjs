// A popover that is kept after it was dismissed (`display.keep_popover`): while hidden it has no focus and receives no
// figures, it opens again as the same process with current figures, and it ends when its time is over.

import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { desktop, describeLayouts } from './harness.mjs';
import { createData, startMonitor } from './monitor.mjs';
import { readTodayTokens, waitForTodayTokens } from './popover-page.mjs';
import { popoverProcesses } from './processes.mjs';
import { assertNever, waitFor } from './wait.mjs';

/** Longer than any test. */
const LONG_TIME = '120s';

/** Short enough to wait for. */
const SHORT_TIME = '2s';

/** Longer than a line takes to reach a popover that is shown. */
const UPDATE_MS = 2_000;

describeLayouts('a kept popover', (layout) => {
  describe('within its time', () => {
    test('opens again as the same process with the same page', async () => {
      const monitor = await start(layout, LONG_TIME);
      const first = await monitor.openPopover();
      await monitor.closeWithEscape();
      const webProcess = webProcessPid();
      for (let round = 0; round < 3; round += 1) {
        const window = await monitor.openPopover();
        assert.equal(window.pid, first.pid);
        assert.equal(webProcessPid(), webProcess, 'the page is the same');
        await monitor.closeWithEscape();
      }
    });

    test('has no focus while hidden, and stays hidden', async () => {
      const monitor = await start(layout, LONG_TIME);
      const other = await desktop.openForeignWindow();
      await monitor.openPopover();
      await other.focus();
      await monitor.waitUntilClosed();
      assert.equal(await desktop.focusedWindowId(), other.id);
      monitor.claude.session().answer();
      await assertNever('the popover opens on its own', () => monitor.popoverWindow(), UPDATE_MS);
      other.child.kill();
    });

    test('receives no figures while hidden, and shows the current ones when opened', async () => {
      const data = createDataKeeping(LONG_TIME);
      const session = data.claude.session();
      session.answer();
      const monitor = await startMonitor(desktop, layout, data, { automated: true });
      const page = await monitor.openWithDriver();
      await waitForTodayTokens(page, data.claude.tokens);
      await page.execute('document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }))');
      await monitor.waitUntilClosed();
      await waitFor('the page to be hidden', () => page.execute('return document.visibilityState === "hidden"'));
      session.answer();
      const hasUpdated = async () => (await readTodayTokens(page)) === data.claude.tokens;
      await assertNever('a hidden page receives figures', hasUpdated, UPDATE_MS);
      await monitor.activate();
      await monitor.waitUntilShown();
      await waitForTodayTokens(page, data.claude.tokens);
      await page.detach();
    });
  });

  test('ends when its time is over, and opens as another process', async () => {
    const monitor = await start(layout, SHORT_TIME);
    await monitor.openPopover();
    const webProcess = webProcessPid();
    await monitor.closeWithEscape();
    await waitFor('the page to end', () => webProcessPid() === undefined);
    await monitor.openPopover();
    assert.notEqual(webProcessPid(), webProcess);
  });
});

function createDataKeeping(time) {
  const data = createData(desktop);
  appendFileSync(data.env.TOKEN_MONITOR_CONFIG, `display: { keep_popover: ${time} }\n`);
  return data;
}

async function start(layout, time) {
  const data = createDataKeeping(time);
  data.claude.session().answer();
  return startMonitor(desktop, layout, data);
}

function webProcessPid() {
  return popoverProcesses(desktop.folder).find(({ name }) => name === 'WebKitWebProcess')?.pid;
}
