// The official quota that Claude Code passes to the status line: from the command's standard input to the tray and the
// popover, while the app runs and while it does not.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

import { desktop, describeLayouts } from './harness.mjs';
import { createData, programPath, startMonitor } from './monitor.mjs';
import { waitFor } from './wait.mjs';

const TEN_MINUTES_MS = 600_000;
const TWO_HOURS_MS = 2 * 3_600_000;

describeLayouts('the status line', (layout) => {
  test('updates the tray and the popover while the app runs', async (t) => {
    const data = createData(desktop);
    data.claude.session().answer();
    const monitor = await startMonitor(desktop, layout, data, { automated: true });
    const page = await monitor.openWithDriver();
    for (const used of [38, 61]) {
      const sentAt = performance.now();
      assert.match(runStatusLine(data, used), new RegExp(`block ${used}% used official`));
      await waitFor('the tooltip', async () => (await monitor.item.tooltip()).includes(`${used}%`));
      const trayMs = performance.now() - sentAt;
      await waitFor('the popover', async () => (await page.text()).includes(`${used}%`));
      t.diagnostic(`tray after ${trayMs.toFixed(0)} ms, popover after ${(performance.now() - sentAt).toFixed(0)} ms`);
    }
    assert.match(await monitor.item.tooltip(), /official/);
    assert.match(await page.text(), /official/i);
    await page.detach();
  });

  test('is read at the next start if no app was running', async () => {
    const data = createData(desktop);
    data.claude.session().answer();
    runStatusLine(data, 27);
    const monitor = await startMonitor(desktop, layout, data);
    await waitFor('the tooltip', async () => /27%.*official/s.test(await monitor.item.tooltip()));
    const { currentBlock, blockUse } = await monitor.runJson('status');
    assert.deepEqual([blockUse.usedPercent, blockUse.label, currentBlock.source], [27, 'official', 'official']);
  });
});

/** Runs the status line command with input as from Claude Code, and returns the line that it prints. */
function runStatusLine(data, usedPercent) {
  const resetsAt = Math.ceil((Date.now() + TWO_HOURS_MS) / TEN_MINUTES_MS) * (TEN_MINUTES_MS / 1000);
  const input = {
    session_id: 's1',
    model: { id: 'claude-opus-5-5', display_name: 'Opus 5.5' },
    version: '2.1.230',
    rate_limits: { five_hour: { used_percentage: usedPercent, resets_at: resetsAt } },
  };
  const env = { ...desktop.env, ...data.env };
  return execFileSync(programPath('token-monitor'), ['statusline'], { input: JSON.stringify(input), env, encoding: 'utf8' });
}
