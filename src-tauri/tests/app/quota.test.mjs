// What Claude Code's status line tells, from its standard input to the tray and the popover; while the app runs, and
// while it does not.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

import { binary, newData, startMonitor } from './monitor.mjs';
import { desktop, inEachLayout } from './suite.mjs';
import { until } from './waiting.mjs';

const TEN_MINUTES = 600_000;

inEachLayout('the status line', (layout) => {
  test('changes the tray and the popover while the app runs', async (t) => {
    const data = newData(desktop);
    data.claude.session().answer();
    const monitor = await startMonitor(desktop, layout, data, { driven: true });
    const page = await monitor.drivePopover();
    for (const used of [38, 61]) {
      const told = performance.now();
      assert.match(statusLine(data, used), new RegExp(`block ${used} % official`));
      await until('the tray to tell it', async () => (await monitor.item.tooltip()).includes(`${used} %`));
      const onTray = performance.now() - told;
      await until('the popover to show it', async () => (await text(page)).match(new RegExp(`${used}\\s?%`)));
      t.diagnostic(`tray after ${onTray.toFixed(0)} ms, popover after ${(performance.now() - told).toFixed(0)} ms`);
    }
    assert.match(await monitor.item.tooltip(), /official/);
    assert.match(await text(page), /official/i);
    await page.leave();
  });

  test('is heard by the next start where no app runs', async () => {
    const data = newData(desktop);
    data.claude.session().answer();
    statusLine(data, 27);
    const monitor = await startMonitor(desktop, layout, data);
    await until('the tray to tell it', async () => /27 %.*official/s.test(await monitor.item.tooltip()));
    const { currentBlock, blockUse } = await monitor.command('status');
    assert.deepEqual([blockUse.usedPercent, blockUse.label, currentBlock.source], [27, 'official', 'official']);
  });
});

/** Pipes what Claude Code would into the command, and returns the line it prints. */
function statusLine(data, used) {
  const resets = Math.ceil((Date.now() + 2 * 3_600_000) / TEN_MINUTES) * (TEN_MINUTES / 1000);
  const told = {
    session_id: 's1',
    model: { id: 'claude-opus-5-5', display_name: 'Opus 5.5' },
    version: '2.1.230',
    rate_limits: { five_hour: { used_percentage: used, resets_at: resets } },
  };
  const env = { ...desktop.env, ...data.env };
  return execFileSync(binary('token-monitor'), ['statusline'], { input: JSON.stringify(told), env, encoding: 'utf8' });
}

function text(page) {
  return page.run('return document.body.innerText');
}
