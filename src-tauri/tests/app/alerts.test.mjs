// What a person is told without looking: one notification when a threshold is passed, none in quiet hours, and the
// right page at a click. With a real notification service, and with the programs as they run for months.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';

import { newData, startMonitor } from './monitor.mjs';
import { startNotifications } from './notifications.mjs';
import { desktop, inEachLayout } from './suite.mjs';
import { until } from './waiting.mjs';

/** What the block may hold. */
const LIMIT = 1_000_000;

/** The shortest time a rate may have to last. */
const A_MINUTE_MS = 60_000;

/** That minute, and what a machine under load adds to it. */
const LASTING_MS = 2 * A_MINUTE_MS;

let notifications;
const around = {
  before: async () => {
    notifications = await startNotifications(desktop);
  },
  afterEach: () => notifications.clear(),
};

inEachLayout('alerts', (layout) => {
  test('one notification when the block passes its threshold', async () => {
    const { monitor, session, told } = await start(layout, { alerts: ['block: [75]'] });
    session.answer(tokens(0.5 * LIMIT));
    await settle(monitor);
    assert.deepEqual(told(), [], 'half of it is no news');
    session.answer(tokens(0.3 * LIMIT));
    const shown = await notifications.untilShown(/block/);
    assert.match(shown.body, /used/);
    session.answer(tokens(0.1 * LIMIT));
    await settle(monitor);
    assert.equal(told().length, 1, 'it is told once');
    assert.equal((await decided(monitor)).length, 1, 'and nothing waits to be told again');
    assert.equal(shown.app, 'Token Monitor');
  });

  const lasts = async () => {
    const rules = ['block: []', 'burn_rate_tokens: 1000', 'burn_rate_minutes: 1'];
    const { monitor, session, told } = await start(layout, { alerts: rules });
    session.answer(tokens(LIMIT / 4), { at: new Date(Date.now() - A_MINUTE_MS) });
    session.answer(tokens(LIMIT / 4));
    const high = performance.now();
    await notifications.untilShown(/burn rate/i, LASTING_MS);
    assert.ok(performance.now() - high >= A_MINUTE_MS, 'it has lasted');
    assert.equal(told().length, 1);
    assert.equal((await decided(monitor)).length, 1);
  };
  // It takes its minute; whoever counts decides it, in both layouts the same.
  if (layout.popoverIsAProcess) test('a rate that stays high is told once, after its minutes', lasts);

  test('quiet hours keep it back, and the list says so', async () => {
    const { monitor, session, told } = await start(layout, { alerts: ['block: [75]', `quiet_hours: ${await aroundNow()}`] });
    session.answer(tokens(0.8 * LIMIT));
    await settle(monitor);
    const page = await monitor.drivePopover();
    await page.click('[data-testid="tab-alerts"]');
    await until('the list to say so', async () => /quiet hours/.test(await text(page)));
    assert.deepEqual(told(), []);
    await page.leave();
  });

  test('a click opens the page it is about', async () => {
    const { monitor, session } = await start(layout, { alerts: ['block: []', 'session_cost: 1'] });
    session.answer({ ...tokens(0), output: 400_000 });
    await notifications.untilShown(/session/i);
    await notifications.click();
    const page = await monitor.attachPopover();
    await page.select('[data-testid="tab-sessions"][aria-selected="true"]');
    await page.select(`[data-session-id="${session.id}"] [aria-expanded="true"]`);
    await page.leave();
  });
}, around);

/** A running monitor that has seen how things stand, a session, and what is told from now on. */
async function start(layout, { alerts }) {
  const data = newData(desktop);
  writeFileSync(data.env.TOKEN_MONITOR_CONFIG, settings(alerts));
  const session = data.claude.session();
  session.answer();
  const monitor = await startMonitor(desktop, layout, data, { driven: true });
  await settle(monitor);
  return { monitor, session, told: () => notifications.shown() };
}

/** Waits until everything written is counted, and what is to be told of it decided. */
async function settle(monitor) {
  await monitor.command('status');
}

function settings(alerts) {
  return ['blocks:', `  token_limit: ${LIMIT}`, 'alerts:', '  forecast: false', '  reset: false', ...alerts.map((line) => `  ${line}`), ''].join('\n');
}

/** One answer of so many tokens, the cheapest there are. */
function tokens(count) {
  return { input: 0, output: 0, cacheWrite: 0, cacheRead: Math.round(count) };
}

/** An hour before to an hour after now, by the clock the programs go by. */
async function aroundNow() {
  const clock = async (offset) => (await desktop.ask('date', ['-d', offset, '+%H:%M'])).trim();
  return `${await clock('-1 hour')}-${await clock('+1 hour')}`;
}

/** Everything that was decided, sent or not. */
async function decided(monitor) {
  return (await monitor.command('alerts')).alerts;
}

function text(page) {
  return page.run('return document.body.innerText');
}
