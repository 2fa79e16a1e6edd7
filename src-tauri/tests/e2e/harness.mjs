// The hooks of every file of end-to-end tests: one private desktop per file or group, cleared after each test, and each
// test once per layout.

import { after, afterEach, before, describe } from 'node:test';

import { openDesktop } from './desktop.mjs';
import { LAYOUTS, createData, killMonitors, startMonitor } from './monitor.mjs';

/** The desktop of the file or group that is running. Undefined before its first test. */
export let desktop;

/**
 * Opens a desktop before the tests of this file or `describe` block, and clears it after each.
 * `options.desktop` is passed to `openDesktop`; `options.before` and `options.afterEach` run in addition.
 */
export function useDesktop(options = {}) {
  let own;
  before(async () => {
    own = desktop = await openDesktop(options.desktop);
    await options.before?.();
  });
  afterEach(async () => {
    await killMonitors(own);
    await options.afterEach?.();
  });
  after(() => own?.close());
}

/** Opens a desktop and defines a group of tests for each layout. */
export function describeLayouts(subject, defineTests, options = {}) {
  useDesktop(options);
  for (const layout of LAYOUTS) describe(`${subject}, ${layout.name}`, () => defineTests(layout));
}

/** Starts a layout on new data with one session, to which one message has been written. */
export async function startWithSession(layout, options = {}) {
  const data = createData(desktop);
  const session = data.claude.session();
  session.answer();
  const monitor = await startMonitor(desktop, layout, data, options);
  return { data, session, monitor };
}
