// What every file of whole-app tests has around its tests: one private desktop, cleared after each test, and each
// test once for each layout.

import { after, afterEach, before, describe } from 'node:test';

import { openDesktop } from './desktop.mjs';
import { LAYOUTS, clearAway } from './monitor.mjs';

/** The desktop of this file. Each file runs in a process of its own; before its first test there is none. */
export let desktop;

/** Describes `subject` in each layout; what else stands on the desktop comes and goes by `before` and `afterEach`. */
export function inEachLayout(subject, describeIn, options = {}) {
  before(async () => {
    desktop = await openDesktop(options.desktop);
    await options.before?.();
  });
  afterEach(async () => {
    await clearAway(desktop);
    await options.afterEach?.();
  });
  after(() => desktop?.close());
  for (const layout of LAYOUTS) describe(`${subject}, ${layout.name}`, () => describeIn(layout));
}
