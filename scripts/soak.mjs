// Opens and closes the popover many times while lines are being written, in both layouts, and looks whether anything is
// left behind: open files, threads, processes, memory. `npm run soak [-- N]`, 500 by default; ends with an error if
// something grew.

import path from 'node:path';

import { Failed, ROOT, main } from './steps.mjs';

process.env.TOKEN_MONITOR_TEST_BINARIES ??= path.join(ROOT, 'target/release');
const { openDesktop } = await import('../src-tauri/tests/app/desktop.mjs');
const { grown, openMany } = await import('../src-tauri/tests/app/leftovers.mjs');
const { LAYOUTS, newData, startMonitor } = await import('../src-tauri/tests/app/monitor.mjs');

const ROUNDS = Number(process.argv[2] ?? 500);

await main(async () => {
  const desktop = await openDesktop();
  try {
    for (const layout of LAYOUTS) await soak(desktop, layout);
  } finally {
    desktop.close();
  }
});

async function soak(desktop, layout) {
  const data = newData(desktop);
  const session = data.claude.session();
  session.answer();
  const monitor = await startMonitor(desktop, layout, data);
  const found = await openMany(monitor, session, ROUNDS);
  const { before, after } = found;
  console.log(`\n${layout.name}`);
  for (const kind of ['files', 'threads', 'processes']) console.log(`  ${kind}: ${before[kind]} → ${after[kind]}`);
  console.log(`  memory: ${before.memory.toFixed(1)} → ${after.memory.toFixed(1)} MiB`);
  const more = grown(monitor, found);
  if (more.length > 0) throw new Failed(`more ${more.join(', ')} after ${ROUNDS} popovers than before`);
  console.log(`  ${ROUNDS} popovers, nothing left behind`);
  await monitor.quit();
}
