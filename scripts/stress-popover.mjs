// Opens and closes the popover many times while log lines are written, in both layouts, and fails if files, threads,
// processes or memory leak: `npm run soak [-- ROUNDS]`, 500 by default. Uses the release build.

import path from 'node:path';

import { Failure, ROOT, main } from './lib/run.mjs';

process.env.TOKEN_MONITOR_TEST_BINARIES ??= path.join(ROOT, 'target/release');
const { openDesktop } = await import('../src-tauri/tests/e2e/desktop.mjs');
const { LAYOUTS, createData, startMonitor } = await import('../src-tauri/tests/e2e/monitor.mjs');
const { findLeaks, openRepeatedly } = await import('../src-tauri/tests/e2e/resource-leaks.mjs');

const DEFAULT_ROUNDS = '500';

await main(async () => {
  const [rounds = DEFAULT_ROUNDS, ...rest] = process.argv.slice(2);
  if (!/^\d+$/.test(rounds) || rest.length > 0) throw new Failure('usage: npm run soak [-- ROUNDS]');
  const desktop = await openDesktop();
  try {
    for (const layout of LAYOUTS) await stressLayout(desktop, layout, Number(rounds));
  } finally {
    desktop.close();
  }
});

async function stressLayout(desktop, layout, rounds) {
  const data = createData(desktop);
  const session = data.claude.session();
  session.answer();
  const monitor = await startMonitor(desktop, layout, data);
  const measured = await openRepeatedly(monitor, session, rounds);
  const { before, after } = measured;
  console.log(`\n${layout.name}`);
  for (const kind of ['files', 'threads', 'processes']) console.log(`  ${kind}: ${before[kind]} → ${after[kind]}`);
  console.log(`  memory: ${before.memory.toFixed(1)} → ${after.memory.toFixed(1)} MiB`);
  const leaks = findLeaks(monitor, measured);
  if (leaks.length > 0) throw new Failure(`leaked after ${rounds} popovers: ${leaks.join(', ')}`);
  console.log(`  ${rounds} popovers, no leaks`);
  await monitor.quit();
}
