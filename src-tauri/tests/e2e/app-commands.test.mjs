// The options of the app that a second launch passes to the running one.

import { test } from 'node:test';

import { desktop, describeLayouts, startWithSession } from './harness.mjs';
import { programPath } from './monitor.mjs';
import { isRunning } from './processes.mjs';
import { waitFor } from './wait.mjs';

describeLayouts('the command line of the app', (layout) => {
  const run = (data, ...args) => {
    const layoutArgs = layout.popoverIsAProcess ? [] : layout.args;
    return desktop.start(programPath('token-monitor-app'), [...layoutArgs, ...args], data.env);
  };

  test('toggles the popover of the running app, and quits it', async () => {
    const { data, monitor } = await startWithSession(layout);
    run(data, '--toggle');
    await monitor.waitUntilOpen();
    await monitor.waitUntilPainted();
    run(data, '--toggle');
    await monitor.waitUntilClosed();
    run(data, '--quit');
    await waitFor('the app to end', () => !isRunning(monitor.pid));
  });
});
