// Names people give their sessions: given in the popover, unique, and still there after a restart.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ENTER } from './driver.mjs';
import { binary, startMonitor } from './monitor.mjs';
import { openSessions, row, withSessions } from './sessions.mjs';
import { desktop, inEachLayout } from './suite.mjs';
import { until } from './waiting.mjs';

inEachLayout('names', (layout) => {
  test('a name given in the popover is there after a restart', async () => {
    const { data, ids } = withSessions(1);
    const first = await startMonitor(desktop, layout, data, { driven: true });
    const page = await openSessions(first);
    await giveName(page, ids[0], 'fix login flow');
    await untilNamed(page, ids[0], 'fix login flow');
    await page.leave();
    await first.quit();

    const second = await startMonitor(desktop, layout, data, { driven: true });
    await untilNamed(await openSessions(second), ids[0], 'fix login flow');
  });

  test('a name that is taken is refused with a sentence', async () => {
    const { data, ids } = withSessions(2);
    const monitor = await startMonitor(desktop, layout, data, { driven: true });
    const page = await openSessions(monitor);
    await giveName(page, ids[0], 'orrery');
    await untilNamed(page, ids[0], 'orrery');
    await giveName(page, ids[1], 'orrery');
    const refusal = await (await page.find('rename-error')).text();
    assert.match(refusal, /\w+ \w+/, 'the refusal is a sentence');
    await page.leave();
    const { sessions } = await monitor.command('sessions');
    const named = sessions.filter(({ sessionName }) => sessionName === 'orrery').map(({ sessionId }) => sessionId);
    assert.deepEqual(named, [ids[0]], 'the first keeps its name, the second has not got it');
  });

  test('a name given by the command shows in the open popover', async () => {
    const { data, ids } = withSessions(1);
    const monitor = await startMonitor(desktop, layout, data, { driven: true });
    const page = await openSessions(monitor);
    await page.select(row(ids[0]));
    await desktop.ask(binary('token-monitor'), ['rename', ids[0], 'from the terminal'], data.env);
    await untilNamed(page, ids[0], 'from the terminal');
    await page.leave();
  });
});

async function giveName(page, id, name) {
  await page.click(`${row(id)} [data-testid="rename-button"]`);
  const field = await page.find('rename-input');
  await field.replace(name);
  await field.type(ENTER);
}

async function untilNamed(page, id, name) {
  const shown = () => page.peek(`${row(id)} [data-testid="session-name"]`);
  await until(`the session to be called “${name}”`, async () => (await shown()) === name);
}
