// What Token Monitor costs, measured on the release build and printed beside what it aims at. First the core's
// figures, if the Python part is there; then the desktop's: memory before, during and after a popover, and the time
// from a click to a painted popover. It measures and judges nothing: a missed aim is marked, not an error.

import { existsSync } from 'node:fs';
import path from 'node:path';

import { ROOT, main, run } from './steps.mjs';

/** Enough for a median that one slow start does not move. */
const ROUNDS = 10;

process.env.TOKEN_MONITOR_TEST_BINARIES ??= path.join(ROOT, 'target/release');
const { openDesktop } = await import('../src-tauri/tests/app/desktop.mjs');
const { LAYOUTS, newData, startMonitor } = await import('../src-tauri/tests/app/monitor.mjs');
const { memoryOf, monitorProcesses } = await import('../src-tauri/tests/app/processes.mjs');
const { until } = await import('../src-tauri/tests/app/waiting.mjs');

await main(async () => {
  const core = path.join(ROOT, 'scripts/bench-core.py');
  if (existsSync(core)) run('python3', core);
  const desktop = await openDesktop();
  try {
    for (const layout of LAYOUTS) print(layout.name, await measure(desktop, layout));
  } finally {
    desktop.close();
  }
});

async function measure(desktop, layout) {
  const data = newData(desktop);
  fill(data.claude);
  const monitor = await startMonitor(desktop, layout, data, { env: { TOKEN_MONITOR_TRACE_PAINT: '1' } });
  const before = await settledMemory(desktop);
  const rounds = await openRepeatedly(monitor);
  const after = await settledMemory(desktop);
  await monitor.quit();
  return rows({ monitor, before, rounds, after });
}

/** Sessions enough that every page of the popover has something to draw. */
function fill(claude) {
  for (let at = 0; at < 12; at += 1) {
    const session = claude.session({ project: `/home/ada/projects/p${at % 4}`, title: `session ${at}` });
    for (let turn = 0; turn < 40; turn += 1) session.answer();
  }
}

/** Opens and closes the popover; the first opening is cold, and in it the memory is looked at. */
async function openRepeatedly(monitor) {
  const rounds = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const painted = await timePaint(monitor);
    const open = round === 0 ? await settledMemory(monitor.desktop) : undefined;
    await monitor.escape();
    await dismissed(monitor);
    rounds.push({ painted, open });
  }
  return rounds;
}

/** From the call a panel makes on a click to the second frame after the popover has its figures. */
async function timePaint(monitor) {
  const seen = monitor.child.heard('painted').length;
  const begun = performance.now();
  await monitor.activate();
  await until('the popover to be painted', () => monitor.child.heard('painted').length > seen);
  return monitor.child.heard('painted')[seen] - begun;
}

async function dismissed(monitor) {
  if (monitor.layout.popoverIsAProcess) await monitor.untilPopoverIsGone();
  else await monitor.untilClosed();
}

/** Memory once it has stopped moving by more than a few pages between two looks. */
async function settledMemory(desktop) {
  let last = memoryNow(desktop);
  let quiet = 0;
  await until('the memory to settle', () => {
    const now = memoryNow(desktop);
    quiet = Math.abs(now.pss - last.pss) < 0.5 ? quiet + 1 : 0;
    last = now;
    return quiet >= 20;
  });
  return last;
}

function memoryNow(desktop) {
  return memoryOf(monitorProcesses(desktop.folder));
}

function rows({ monitor, before, rounds, after }) {
  const [cold, ...again] = rounds;
  const small = monitor.layout.popoverIsAProcess ? 15 : undefined;
  return [
    ['start to tray item', monitor.startedIn, 'ms', 500],
    ['PSS before the first popover', before.pss, 'MiB', small],
    ['RSS before the first popover', before.rss, 'MiB', small],
    ['PSS with the popover open', cold.open.pss, 'MiB'],
    ['RSS with the popover open', cold.open.rss, 'MiB'],
    ['PSS after it is gone', after.pss, 'MiB', small],
    ['RSS after it is gone', after.rss, 'MiB', small],
    ['click to painted, first', cold.painted, 'ms', 500],
    [`click to painted, again (median of ${again.length})`, median(again.map(({ painted }) => painted)), 'ms', 500],
    ['click to painted, again (slowest)', Math.max(...again.map(({ painted }) => painted)), 'ms'],
  ];
}

function print(name, table) {
  console.log(`\n${name}`);
  const width = Math.max(...table.map(([row]) => row.length));
  for (const [row, value, unit, aim] of table) {
    const shown = unit === 'MiB' ? value.toFixed(1) : value.toFixed(0);
    console.log(`  ${row.padEnd(width)}  ${shown.padStart(7)} ${unit.padEnd(3)}  ${verdict(value, unit, aim)}`);
  }
}

function verdict(value, unit, aim) {
  if (aim === undefined) return '';
  return `aim < ${aim} ${unit}${value < aim ? '' : '  MISSED'}`;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2;
}
