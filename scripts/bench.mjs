// What Token Monitor costs, measured on the release build and printed beside what it aims at. First the core's
// figures; then how often the forecast's alarm is right; then, with the history of a year, the desktop's: memory before, during and after a popover, the time from a
// click to a painted popover, cold and kept, the processor's time at rest and under load, and the time from a line in a
// log to its pixels. It measures and judges nothing: a missed aim is marked, not an error.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { APP_FEATURES, ROOT, main, npm, run } from './steps.mjs';

/** Memory that moves by less between two looks stands still: a page with moving figures never does quite. */
const STILL_MIB = 2;

/** Enough for a median that one slow start does not move. */
const ROUNDS = 10;

/** Over this time the processor's time is looked at. */
const REST_MS = 60_000;

/** What is left some time after a popover was closed. */
const LATER_MS = 30_000;

/** Lines a busy computer writes, each second. */
const LINES_A_SECOND = 20;

/** Lines whose way to the screen is timed, and the pause between two: longer than the page's own beat of 250 ms. */
const TIMED_LINES = 200;
const BETWEEN_LINES_MS = 400;

/** Has the page note each figure of today, and when its second frame was drawn. */
const WATCH_TODAY = `
  window.seenToday = [];
  const note = () => {
    const value = Number(document.querySelector('[data-testid="today-total"]')?.dataset.value);
    requestAnimationFrame(() => requestAnimationFrame(() => window.seenToday.push([value, Date.now()])));
  };
  new MutationObserver(note).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['data-value'] });
`;

process.env.TOKEN_MONITOR_TEST_BINARIES ??= path.join(ROOT, 'target/release');
const { writeHistory } = await import('./ada.mjs');
const { openDesktop } = await import('../src-tauri/tests/app/desktop.mjs');
const { LAYOUTS, newData, startMonitor } = await import('../src-tauri/tests/app/monitor.mjs');
const { memoryOf, monitorProcesses, processorTimeOf } = await import('../src-tauri/tests/app/processes.mjs');
const { until } = await import('../src-tauri/tests/app/waiting.mjs');

await main(async () => {
  build();
  run('python3', path.join(ROOT, 'scripts/bench-core.py'));
  run('cargo', 'run', '--quiet', '--release', '--locked', '--package', 'token-monitor-core', '--example', 'alarms');
  const desktop = await openDesktop();
  try {
    for (const layout of LAYOUTS) print(layout.name, await measure(desktop, layout));
  } finally {
    desktop.close();
  }
});

function build() {
  npm('ui:build');
  for (const what of [['token-monitor-core', '--examples'], ['token-monitor-cli'], ['token-monitor-app', ...APP_FEATURES]]) {
    run('cargo', 'build', '--quiet', '--release', '--locked', '--package', ...what);
  }
}

async function measure(desktop, layout) {
  const data = newData(desktop);
  writeHistory(data.claude);
  // A store of a year, as one that has run for months has it, and not the moment after the first reading of all logs.
  await read(desktop, layout, data);
  const monitor = await startMonitor(desktop, layout, data);
  const before = await settledMemory(desktop);
  const rounds = await openRepeatedly(monitor);
  const after = await settledMemory(desktop);
  await pause(LATER_MS);
  const later = memoryNow(desktop);
  const rest = await load(monitor, () => pause(REST_MS));
  const busy = await underLoad(monitor);
  await monitor.quit();
  const kept = await measureKept(desktop, layout);
  const lines = await timeLines(desktop, layout);
  return rows({ monitor, before, rounds, after, later, rest, busy, kept, lines });
}

/** Has a monitor read everything there is, and end. */
async function read(desktop, layout, data) {
  const first = await startMonitor(desktop, layout, data);
  await until('the logs to be read', async () => !(await first.item.tooltip()).includes('Reading'));
  await first.quit();
}

/** The share of one processor that everything of ours takes meanwhile, in percent. */
async function load(monitor, meanwhile) {
  const time = () => processorTimeOf(monitorProcesses(monitor.desktop.folder));
  const [before, begun] = [time(), performance.now()];
  await meanwhile();
  return (time() - before) / ((performance.now() - begun) / 1000) * 100;
}

async function underLoad(monitor) {
  await monitor.openPopover();
  const session = monitor.claude.session();
  const share = await load(monitor, async () => {
    for (let line = 0; line < REST_MS / 1000 * LINES_A_SECOND; line += 1) {
      session.answer();
      await pause(1000 / LINES_A_SECOND);
    }
  });
  await monitor.escape();
  await dismissed(monitor);
  return share;
}

/** The same openings with a popover that is kept between them. */
async function measureKept(desktop, layout) {
  const data = newData(desktop);
  writeHistory(data.claude);
  writeFileSync(data.env.TOKEN_MONITOR_CONFIG, 'display: { keep_popover: 1m }\n');
  const monitor = await startMonitor(desktop, layout, data);
  const times = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    times.push(await timePaint(monitor));
    await monitor.escape();
    await monitor.untilClosed();
  }
  const memory = await settledMemory(desktop);
  await monitor.quit();
  return { times: times.slice(1), memory };
}

/** From a line in a log to the second frame after its tokens stand in the page, both by the computer's clock. */
async function timeLines(desktop, layout) {
  const data = newData(desktop);
  const session = data.claude.session();
  session.answer();
  const monitor = await startMonitor(desktop, layout, data, { driven: true });
  const page = await monitor.drivePopover();
  await page.find('today-total');
  await page.run(WATCH_TODAY);
  const written = [];
  for (let line = 0; line < TIMED_LINES; line += 1) {
    const at = Date.now();
    session.answer();
    written.push({ at, total: data.claude.tokens });
    await pause(BETWEEN_LINES_MS);
  }
  const seen = await page.run('return window.seenToday');
  await page.leave();
  await monitor.quit();
  // One that never showed took for ever.
  return written.map(({ at, total }) => (seen.find(([value]) => value >= total)?.[1] ?? Infinity) - at);
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
    quiet = Math.abs(now.pss - last.pss) < STILL_MIB ? quiet + 1 : 0;
    last = now;
    return quiet >= 20;
  });
  return last;
}

function memoryNow(desktop) {
  return memoryOf(monitorProcesses(desktop.folder));
}

function rows({ monitor, before, rounds, after, later, rest, busy, kept, lines }) {
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
    ['PSS half a minute later', later.pss, 'MiB', small],
    ['PSS with a popover kept', kept.memory.pss, 'MiB'],
    ['click to painted, first', cold.painted, 'ms', 400],
    [`click to painted, again (median of ${again.length})`, median(again.map(({ painted }) => painted)), 'ms', 400],
    ['click to painted, again (slowest)', Math.max(...again.map(({ painted }) => painted)), 'ms'],
    [`click to painted, kept (median of ${kept.times.length})`, median(kept.times), 'ms', 400],
    ['processor at rest, over a minute', rest, '%', 0.2],
    [`processor with the popover open, ${LINES_A_SECOND} lines a second`, busy, '%'],
    [`line to painted (median of ${lines.length})`, median(lines), 'ms', 100],
    ['line to painted (99th percentile)', percentile(lines, 0.99), 'ms', 100],
  ];
}

function print(name, table) {
  console.log(`\n${name}`);
  const width = Math.max(...table.map(([row]) => row.length));
  for (const [row, value, unit, aim] of table) {
    const shown = value.toFixed(unit === 'ms' ? 0 : 1);
    console.log(`  ${row.padEnd(width)}  ${shown.padStart(7)} ${unit.padEnd(3)}  ${verdict(value, unit, aim)}`);
  }
}

function verdict(value, unit, aim) {
  if (aim === undefined) return '';
  return `aim < ${aim} ${unit}${value < aim ? '' : '  MISSED'}`;
}

/** By the nearest rank. */
function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * share) - 1];
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2;
}
