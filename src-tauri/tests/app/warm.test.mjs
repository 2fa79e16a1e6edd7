// A popover that is kept after it was dismissed: out of sight it holds no focus and is told nothing, it comes back as
// the same process with today's figures, and it is gone once its time is over.

import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { newData, startMonitor } from './monitor.mjs';
import { popoverProcesses } from './processes.mjs';
import { desktop, inEachLayout } from './suite.mjs';
import { never, until } from './waiting.mjs';

/** Long enough that no step of a test takes as long. */
const LONG = '120s';

/** Short enough to wait for. */
const SHORT = '2s';

/** Longer than a line takes to the screen of a popover that is shown. */
const A_WHILE_MS = 2_000;

inEachLayout('a popover that is kept', (layout) => {
  describe('with time enough', () => {
    test('comes back as the same process', async () => {
      const monitor = await start(layout, LONG);
      const first = await monitor.openPopover();
      await monitor.escape();
      const kept = webProcess();
      for (let round = 0; round < 3; round += 1) {
        const again = await monitor.openPopover();
        assert.equal(again.pid, first.pid);
        assert.equal(webProcess(), kept, 'its page is the same, too');
        await monitor.escape();
      }
    });

    test('holds no focus out of sight, and stays there', async () => {
      const monitor = await start(layout, LONG);
      const other = await desktop.openForeignWindow();
      await monitor.openPopover();
      await other.focus();
      await monitor.untilClosed();
      assert.equal(await desktop.focused(), other.id);
      monitor.claude.session().answer();
      await never('it comes up by itself', () => monitor.popover(), A_WHILE_MS);
      other.child.kill();
    });

    test('shows what was counted meanwhile', async () => {
      const data = kept(LONG);
      const session = data.claude.session();
      session.answer();
      const monitor = await startMonitor(desktop, layout, data, { driven: true });
      const page = await monitor.drivePopover();
      await untilToday(page, data.claude.tokens);
      await page.run('document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }))');
      await monitor.untilClosed();
      await until('the page to know', () => page.run('return document.visibilityState === "hidden"'));
      session.answer();
      const told = async () => (await today(page)) === data.claude.tokens;
      await never('a page that nobody sees is told of figures', told, A_WHILE_MS);
      await monitor.activate();
      await monitor.untilShown();
      await untilToday(page, data.claude.tokens);
      await page.leave();
    });
  });

  test('is gone once its time is over, and comes back as another', async () => {
    const monitor = await start(layout, SHORT);
    await monitor.openPopover();
    const first = webProcess();
    await monitor.escape();
    await until('its page to end', () => webProcess() === undefined);
    await monitor.openPopover();
    assert.notEqual(webProcess(), first);
  });
});

/** Data whose settings keep a dismissed popover for this long. */
function kept(time) {
  const data = newData(desktop);
  appendFileSync(data.env.TOKEN_MONITOR_CONFIG, `display: { keep_popover: ${time} }\n`);
  return data;
}

async function start(layout, time) {
  const data = kept(time);
  data.claude.session().answer();
  return startMonitor(desktop, layout, data);
}

function webProcess() {
  return popoverProcesses(desktop.folder).find(({ name }) => name === 'WebKitWebProcess')?.pid;
}

async function today(page) {
  return Number(await page.run('return document.querySelector(\'[data-testid="today-total"]\')?.dataset.value'));
}

async function untilToday(page, tokens) {
  await until(`today to be ${tokens}`, async () => (await today(page)) === tokens);
}
