// Opens and closes the popover many times while lines are being written, and looks whether anything is left behind:
// open files, threads, processes, memory. `npm run soak [-- N]`, 200 by default; ends with an error if something grew.

import path from 'node:path';

import { Failed, ROOT, main } from './steps.mjs';

process.env.TOKEN_MONITOR_TEST_BINARIES ??= path.join(ROOT, 'target/release');
const { openDesktop } = await import('../src-tauri/tests/app/desktop.mjs');
const { LAYOUTS, newData, startMonitor } = await import('../src-tauri/tests/app/monitor.mjs');
const { handlesOf, memoryOf, processesOf } = await import('../src-tauri/tests/app/processes.mjs');
const { until } = await import('../src-tauri/tests/app/waiting.mjs');

/** The first rounds fill caches and pools; what they add is not a leak. */
const WARM_UP = 10;

/** Threads of a pool and a socket on its way out come and go. */
const HANDLES_MAY_DIFFER_BY = 2;

/** What the resident may grow by over the whole run, in MiB. */
const MAY_GROW_BY = 2;

const ROUNDS = Number(process.argv[2] ?? 200);

await main(async () => {
  const desktop = await openDesktop();
  try {
    await soak(desktop);
  } finally {
    desktop.close();
  }
});

async function soak(desktop) {
  const data = newData(desktop);
  const session = data.claude.session();
  session.answer();
  const monitor = await startMonitor(desktop, LAYOUTS[0], data);
  let before;
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    if (round === WARM_UP) before = resident(monitor);
    session.answer();
    await monitor.openPopover();
    await monitor.escape();
    await monitor.untilPopoverIsGone();
  }
  await until('the resident to be as it was', () => complaints(before, resident(monitor)).length === 0).catch(() => undefined);
  conclude(before, resident(monitor));
  await monitor.quit();
}

function resident(monitor) {
  const own = processesOf(monitor.desktop.folder).filter(({ pid }) => pid === monitor.pid);
  const children = processesOf(monitor.desktop.folder).filter(({ parent }) => parent === monitor.pid).length;
  return { ...handlesOf(own), children, pss: memoryOf(own).pss };
}

function complaints(before, after) {
  const handles = ['files', 'threads', 'children'].filter((kind) => after[kind] - before[kind] > HANDLES_MAY_DIFFER_BY);
  return after.pss - before.pss > MAY_GROW_BY ? [...handles, 'pss'] : handles;
}

function conclude(before, after) {
  for (const kind of ['files', 'threads', 'children']) console.log(`${kind}: ${before[kind]} → ${after[kind]}`);
  console.log(`memory: ${before.pss.toFixed(1)} → ${after.pss.toFixed(1)} MiB`);
  const grown = complaints(before, after);
  if (grown.length > 0) throw new Failed(`the resident grew in ${grown.join(', ')} over ${ROUNDS} popovers`);
  console.log(`${ROUNDS} popovers, nothing left behind`);
}
