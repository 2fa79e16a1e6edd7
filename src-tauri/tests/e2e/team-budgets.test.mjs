// A budget of a team, from the usage of a member to the notification on the member's desktop: the real hub, a real PostgreSQL
// server and a real notification service. It is skipped where PostgreSQL is not installed.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { runHub, startHub } from '../../../scripts/lib/hub-process.mjs';
import { findPostgres, startPostgres } from '../../../scripts/lib/postgres.mjs';
import { desktop, useDesktop } from './harness.mjs';
import { LAYOUTS, createData, programPath, startMonitor } from './monitor.mjs';
import { startNotifications } from './notifications.mjs';

const HUB = programPath('token-monitor-hub');

/** A budget in dollars of which the message uses more than half, and one of which it does not. */
const [BUDGET, LARGE_BUDGET] = ['1', '100000'];

/** The app asks for budgets when it starts, and then each minute. */
const NOTIFICATION_TIMEOUT_MS = 90_000;

let notifications;

useDesktop({
  before: async () => {
    notifications = await startNotifications(desktop);
  },
});

describe('budgets of a team', { skip: findPostgres() === undefined && 'PostgreSQL is not installed' }, () => {
  let postgres, hub;

  before(async () => {
    postgres = await startPostgres({ fsync: 'off' });
    hub = await startHub(HUB, postgres.url);
  });

  after(async () => {
    await hub?.stop();
    await postgres?.stop();
  });

  test('a threshold that the usage of a member reaches is shown to the member once', async () => {
    const data = createData(desktop);
    writeFileSync(data.env.TOKEN_MONITOR_CONFIG, ['push:', `  hub_url: ${hub.url}/`, 'alerts:', '  block: []', ''].join('\n'));
    writeFileSync(tokenFile(data), runHub(HUB, postgres.url, 'member', 'add', 'ada'), { mode: 0o600 });
    for (const budget of [BUDGET, LARGE_BUDGET]) {
      runHub(HUB, postgres.url, 'budget', 'add', budget, '--webhook', 'http://127.0.0.1:9/hook', '--at', '50');
    }
    data.claude.session().answer({ output: 400_000 });
    const run = (...args) => desktop.run(programPath('token-monitor'), args, data.env);
    // Alerts start once the user has opened the popover, or used the command for alerts.
    await run('alerts', 'pause', 'off');
    await run('push', '--to', `${hub.url}/`, '--once');
    // A hub compares costs with budgets when it starts, and then each minute.
    const address = new URL(hub.url).host;
    await hub.stop();
    hub = await startHub(HUB, postgres.url, address);
    const monitor = await startMonitor(desktop, LAYOUTS[0], data);
    const shown = await notifications.waitFor(/budget/i, NOTIFICATION_TIMEOUT_MS);
    assert.match(shown.title + shown.body, /team/);
    const sent = JSON.parse(runHub(HUB, postgres.url, 'report', '--json')).totals;
    assert.equal(sent.totalTokens, (await monitor.runJson('models')).totals.totalTokens);
    assert.equal(notifications.shown().length, 1, 'the other budget is not reached');
  });
});

/** Returns the path of the token, beside the store. */
function tokenFile(data) {
  return path.join(path.dirname(data.env.TOKEN_MONITOR_DB), 'hub-token');
}
