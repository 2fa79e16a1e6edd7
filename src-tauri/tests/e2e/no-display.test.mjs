// Starting where an icon or a window cannot be shown: the app says so in a sentence, and never panics.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';

import { desktop, useDesktop } from './harness.mjs';
import { LAYOUTS, createData, programPath } from './monitor.mjs';
import { waitFor } from './wait.mjs';

/** The exit code of the app without a display. */
const NO_DISPLAY = 4;

/** An address that no program listens on. */
const NO_BUS = 'unix:path=/nonexistent/bus';

describe('without a display', () => {
  useDesktop();

  for (const { name, args } of [{ name: 'the app', args: [] }, { name: 'one process', args: LAYOUTS[1].args }, { name: 'a window', args: ['--window'] }]) {
    for (const display of ['', ':4711']) {
      test(`${name} on display “${display}” ends with a sentence`, () => {
        const { status, stdout, stderr } = start(args, { DISPLAY: display });
        assert.equal(status, NO_DISPLAY, stderr);
        assert.match(stderr, /There is no display on which Token Monitor can show its icon\. Start it in a desktop session, or run token-monitor in this terminal\./);
        assert.doesNotMatch(stdout + stderr, /panicked|RUST_BACKTRACE/);
      });
    }
  }
});

describe('without a tray', () => {
  useDesktop({ desktop: { panel: false } });

  test('the app says that it opens as a window, and does', async () => {
    const { status, stdout, stderr } = start([], {});
    assert.equal(status, 0, stderr);
    assert.match(stdout, /This desktop shows no tray icons, so Token Monitor opens as a window\./);
    await waitForWindow();
  });

  test('a second start opens the window again, and says nothing of a popover', async () => {
    const data = createData(desktop);
    start([], data.env);
    await waitForWindow();
    await desktop.run('wmctrl', ['-c', 'Token Monitor']);
    await waitFor('the window to close', async () => !(await findWindow()));
    assert.match(start([], data.env).stdout, /^Token Monitor is already running\. It opens now\.$/m);
    await waitForWindow();
  });

  test('without a bus, too', async () => {
    const { status, stdout, stderr } = start([], { DBUS_SESSION_BUS_ADDRESS: NO_BUS });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /This session has no D-Bus, which icons need, so Token Monitor opens as a window\./);
    await waitForWindow();
  });
});

describe('with a tray', () => {
  useDesktop();

  test('the app says where it is, and that it was running', () => {
    const data = createData(desktop);
    assert.match(start([], data.env).stdout, /Token Monitor is in the tray: click its icon\./);
    assert.match(start([], data.env).stdout, /Token Monitor is already running\. It opens now\./);
    assert.match(start(['--quit'], data.env).stdout, /Token Monitor quits\./);
    assert.match(start(['--quit'], createData(desktop).env).stdout, /Token Monitor is not running\./);
  });
});

/** Runs the app to its end. The tray process it starts inherits no stream that is waited for. */
function start(args, env) {
  const data = env.TOKEN_MONITOR_DB ? env : { ...createData(desktop).env, ...env };
  const options = { env: { ...desktop.env, WAYLAND_DISPLAY: '', ...data }, encoding: 'utf8', timeout: 30_000 };
  return spawnSync('bash', ['-c', '"$0" "$@" > "$OUT" 2> "$ERR"; code=$?; cat "$OUT"; cat "$ERR" >&2; exit $code', programPath('token-monitor-app'), ...args], {
    ...options,
    env: { ...options.env, OUT: desktop.pathTo('out'), ERR: desktop.pathTo('err') },
  });
}

async function findWindow() {
  return (await desktop.windows()).find(({ title }) => title === 'Token Monitor');
}

function waitForWindow() {
  return waitFor('a window', findWindow);
}
