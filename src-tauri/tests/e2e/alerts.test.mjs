// Alerts with a real notification service: one notification per threshold, none in quiet hours, and the page that a click
// opens.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';

import { desktop, describeLayouts } from './harness.mjs';
import { createData, startMonitor } from './monitor.mjs';
import { startNotifications } from './notifications.mjs';
import { openTab } from './popover-page.mjs';
import { waitFor } from './wait.mjs';

/** The token limit of a block. */
const TOKEN_LIMIT = 1_000_000;

/** The shortest time for which a burn rate may be required to stay high. */
const MINUTE_MS = 60_000;

/** That minute, with reserve for a machine under load. */
const BURN_RATE_TIMEOUT_MS = 2 * MINUTE_MS;

let notifications;
const hooks = {
  before: async () => {
    notifications = await startNotifications(desktop);
  },
  afterEach: () => notifications.closeAll(),
};

describeLayouts('alerts', (layout) => {
  test('a block over its threshold sends one notification', async () => {
    const { monitor, session } = await start(layout, ['block: [75]']);
    session.answer(cacheRead(0.5 * TOKEN_LIMIT));
    await waitUntilProcessed(monitor);
    assert.deepEqual(notifications.shown(), [], 'no alert at 50%');
    session.answer(cacheRead(0.3 * TOKEN_LIMIT));
    const shown = await notifications.waitFor(/block/);
    assert.match(shown.body, /% of 1,000,000 tokens/);
    assert.equal(shown.app, 'Token Monitor');
    session.answer(cacheRead(0.1 * TOKEN_LIMIT));
    await waitUntilProcessed(monitor);
    assert.equal(notifications.shown().length, 1, 'no second notification');
    assert.equal((await listAlerts(monitor)).length, 1, 'no second alert in the list');
  });

  const testBurnRate = async () => {
    const rules = ['block: []', 'burn_rate_tokens: 1000', 'burn_rate_minutes: 1'];
    const { monitor, session } = await start(layout, rules);
    // The engine measures by the calendar clock, which may be corrected meanwhile.
    const highSince = Date.now();
    session.answer(cacheRead(TOKEN_LIMIT / 4), { at: new Date(Date.now() - MINUTE_MS) });
    session.answer(cacheRead(TOKEN_LIMIT / 4));
    await notifications.waitFor(/burn rate/i, BURN_RATE_TIMEOUT_MS);
    assert.ok(Date.now() - highSince >= MINUTE_MS, 'the rate was high for the configured minute');
    assert.equal(notifications.shown().length, 1);
    assert.equal((await listAlerts(monitor)).length, 1);
  };
  // Takes a minute, and the engine that decides is the same in both layouts.
  if (layout.popoverIsAProcess) test('a burn rate that stays high sends one notification after its minutes', testBurnRate);

  test('quiet hours suppress the notification, and the list gives the reason', async () => {
    const { monitor, session } = await start(layout, ['block: [75]', `quiet_hours: ${await desktop.hoursAroundNow()}`]);
    session.answer(cacheRead(0.8 * TOKEN_LIMIT));
    await waitUntilProcessed(monitor);
    const page = await monitor.openWithDriver();
    await openTab(page, 'alerts');
    await waitFor('the reason in the list', async () => /quiet hours/.test(await page.text()));
    assert.deepEqual(notifications.shown(), []);
    await page.detach();
  });

  test('a click on a notification opens the page of its subject', async () => {
    const { monitor, session } = await start(layout, ['block: []', 'session_cost: 1']);
    session.answer({ ...cacheRead(0), output: 400_000 });
    await notifications.waitFor(/session/i);
    await notifications.click();
    const page = await monitor.attachDriver();
    await page.waitForSelector('[data-testid="tab-sessions"][aria-selected="true"]');
    await page.waitForSelector(`[data-session-id="${session.id}"] [aria-expanded="true"]`);
    await page.detach();
  });
}, hooks);

/** Starts a monitor with alert settings, which has processed one message, and whose user is known. */
async function start(layout, alertSettings) {
  const data = createData(desktop);
  writeFileSync(data.env.TOKEN_MONITOR_CONFIG, settingsFile(alertSettings));
  const session = data.claude.session();
  session.answer();
  const monitor = await startMonitor(desktop, layout, data, { automated: true });
  // Alerts start once the user has opened the popover, or used the command for alerts.
  await monitor.run('alerts', 'pause', 'off');
  await waitUntilProcessed(monitor);
  return { monitor, session };
}

/** Waits until everything written has been counted and evaluated: the command syncs before it prints. */
async function waitUntilProcessed(monitor) {
  await monitor.runJson('status');
}

function settingsFile(alertSettings) {
  const alerts = ['forecast: false', 'reset: false', ...alertSettings].map((line) => `  ${line}`);
  return ['blocks:', `  token_limit: ${TOKEN_LIMIT}`, 'alerts:', ...alerts, ''].join('\n');
}

/** Returns the usage of a message with this many tokens of the cheapest kind. */
function cacheRead(tokens) {
  return { input: 0, output: 0, cacheWrite: 0, cacheRead: Math.round(tokens) };
}

/** Returns all alerts of the list, including those that were not sent. */
async function listAlerts(monitor) {
  return (await monitor.runJson('alerts')).alerts;
}
