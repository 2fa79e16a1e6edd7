// Benchmarks of the release build, printed beside their targets. First the core (scripts/bench-core.py), the accuracy of
// the forecast alerts, and the live view in a terminal (scripts/bench-live.py); then, on a private desktop with a year of
// history: memory before, during and after a popover, the time from a click to a painted popover, processor time, and the
// time from a log line to its pixels. A missed target is marked and is not an error.
//
//   npm run bench                everything, about 40 minutes
//   npm run bench -- --smoke     few rounds and small inputs: does the benchmark still run?

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { APP_FEATURES, Failure, ROOT, main, npm, run } from './lib/run.mjs';

const isSmoke = process.argv.includes('--smoke');

/** In MiB. Memory counts as settled while it changes by less: a page with live figures never settles completely. */
const SETTLED_MEMORY_CHANGE = 2;

/** Successive measurements for which memory must be settled. */
const SETTLED_MEASUREMENTS = 20;

/** Openings after the first, for a median that one slow start does not change. */
const ROUNDS = isSmoke ? 2 : 10;

/** Duration of a processor time measurement. */
const CPU_WINDOW_MS = isSmoke ? 5_000 : 60_000;

/** Delay of the second memory measurement after a popover has closed. */
const LATE_MEMORY_DELAY_MS = isSmoke ? 2_000 : 30_000;

/** Log lines per second while the processor time under load is measured. */
const LINES_PER_SECOND = 20;

/** Log lines whose latency is measured. Their interval exceeds the page's update interval of 250 ms. */
const TIMED_LINES = isSmoke ? 10 : 200;
const TIMED_LINE_INTERVAL_MS = 400;

/** Records each value of today's tokens on the page, with the time of the second frame after it. */
const RECORD_TODAY_SCRIPT = `
  window.recordedValues = [];
  const record = () => {
    const value = Number(document.querySelector('[data-testid="today-total"]')?.dataset.value);
    requestAnimationFrame(() => requestAnimationFrame(() => window.recordedValues.push([value, Date.now()])));
  };
  new MutationObserver(record).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['data-value'] });
`;

process.env.TOKEN_MONITOR_TEST_BINARIES ??= path.join(ROOT, 'target/release');
const { writeHistory } = await import('./fixture-history.mjs');
const { openDesktop } = await import('../src-tauri/tests/e2e/desktop.mjs');
const { LAYOUTS, createData, startMonitor } = await import('../src-tauri/tests/e2e/monitor.mjs');
const { cpuTimeOf, memoryOf, monitorProcesses } = await import('../src-tauri/tests/e2e/processes.mjs');
const { waitFor } = await import('../src-tauri/tests/e2e/wait.mjs');

await main(async () => {
  const unknown = process.argv.slice(2).find((option) => option !== '--smoke');
  if (unknown) throw new Failure('usage: npm run bench [-- --smoke]');
  build();
  const coreOptions = isSmoke ? ['--megabytes', '20', '--seconds', '5', '--messages', '20000'] : [];
  run('python3', path.join(ROOT, 'scripts/bench-core.py'), ...coreOptions);
  run('cargo', 'run', '--quiet', '--release', '--locked', '--package', 'token-monitor-core', '--example', 'alarm_accuracy');
  run('python3', path.join(ROOT, 'scripts/bench-live.py'), ...(isSmoke ? ['--seconds', '5', '--lines', '10'] : []));
  const desktop = await openDesktop();
  try {
    for (const layout of LAYOUTS) printTable(layout.name, await measureLayout(desktop, layout));
  } finally {
    desktop.close();
  }
});

function build() {
  npm('ui:build');
  for (const selection of [['token-monitor-core', '--examples'], ['token-monitor-cli'], ['token-monitor-app', ...APP_FEATURES]]) {
    run('cargo', 'build', '--quiet', '--release', '--locked', '--package', ...selection);
  }
}

async function measureLayout(desktop, layout) {
  const data = createData(desktop);
  writeHistory(data.claude);
  // The measured monitor opens a store that is complete, as after months of use. It does not import the logs.
  await importLogs(desktop, layout, data);
  const monitor = await startMonitor(desktop, layout, data);
  const before = await measureSettledMemory(desktop);
  const rounds = await openRepeatedly(monitor);
  const after = await measureSettledMemory(desktop);
  await sleep(LATE_MEMORY_DELAY_MS);
  const late = measureMemory(desktop);
  const idleCpu = await measureCpu(monitor, () => sleep(CPU_WINDOW_MS));
  const busyCpu = await measureCpuUnderLoad(monitor);
  await monitor.quit();
  const kept = await measureKeptPopover(desktop, layout);
  const latencies = await measureLatencies(desktop, layout);
  return createRows({ monitor, before, rounds, after, late, idleCpu, busyCpu, kept, latencies });
}

/** Starts a monitor, waits until it has read all logs, and ends it. */
async function importLogs(desktop, layout, data) {
  const monitor = await startMonitor(desktop, layout, data);
  await waitFor('the logs to be read', async () => !(await monitor.item.tooltip()).includes('Reading'));
  await monitor.quit();
}

/** Returns the processor time that all processes of Token Monitor use during `work`, in percent of one processor. */
async function measureCpu(monitor, work) {
  const readCpuTime = () => cpuTimeOf(monitorProcesses(monitor.desktop.folder));
  const [cpuBefore, startedAt] = [readCpuTime(), performance.now()];
  await work();
  return ((readCpuTime() - cpuBefore) / ((performance.now() - startedAt) / 1000)) * 100;
}

async function measureCpuUnderLoad(monitor) {
  await monitor.openPopover();
  const session = monitor.claude.session();
  const percent = await measureCpu(monitor, async () => {
    for (let line = 0; line < (CPU_WINDOW_MS / 1000) * LINES_PER_SECOND; line += 1) {
      session.answer();
      await sleep(1000 / LINES_PER_SECOND);
    }
  });
  await monitor.closeWithEscape();
  await monitor.waitUntilDismissed();
  return percent;
}

/** Measures openings of a popover that is kept while it is closed, and the memory with it. */
async function measureKeptPopover(desktop, layout) {
  const data = createData(desktop);
  writeHistory(data.claude);
  writeFileSync(data.env.TOKEN_MONITOR_CONFIG, 'display: { keep_popover: 1m }\n');
  const monitor = await startMonitor(desktop, layout, data);
  const times = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    times.push(await timeOpening(monitor));
    await monitor.closeWithEscape();
    await monitor.waitUntilClosed();
  }
  const memory = await measureSettledMemory(desktop);
  await monitor.quit();
  return { times: times.slice(1), memory };
}

/** Returns the times from writing a log line to the second frame that shows its tokens, by the system clock. */
async function measureLatencies(desktop, layout) {
  const data = createData(desktop);
  const session = data.claude.session();
  session.answer();
  const monitor = await startMonitor(desktop, layout, data, { automated: true });
  const page = await monitor.openWithDriver();
  await page.waitForTestId('today-total');
  await page.execute(RECORD_TODAY_SCRIPT);
  const written = [];
  for (let line = 0; line < TIMED_LINES; line += 1) {
    const at = Date.now();
    session.answer();
    written.push({ at, total: data.claude.tokens });
    await sleep(TIMED_LINE_INTERVAL_MS);
  }
  const shown = await page.execute('return window.recordedValues');
  await page.detach();
  await monitor.quit();
  // A line that was never shown counts as infinitely late.
  return written.map(({ at, total }) => (shown.find(([value]) => value >= total)?.[1] ?? Infinity) - at);
}

/** Opens and closes the popover repeatedly. The first opening is cold; the memory is measured during it. */
async function openRepeatedly(monitor) {
  const rounds = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const paintedMs = await timeOpening(monitor);
    const memory = round === 0 ? await measureSettledMemory(monitor.desktop) : undefined;
    await monitor.closeWithEscape();
    await monitor.waitUntilDismissed();
    rounds.push({ paintedMs, memory });
  }
  return rounds;
}

/** Returns the time in ms from a panel's call on a click to the second frame with figures. */
async function timeOpening(monitor) {
  const paintsBefore = monitor.child.lineTimes('painted').length;
  const startedAt = performance.now();
  await monitor.activate();
  await waitFor('the popover to be painted', () => monitor.child.lineTimes('painted').length > paintsBefore);
  return monitor.child.lineTimes('painted')[paintsBefore] - startedAt;
}

/** Waits until the memory has settled, and returns it. */
async function measureSettledMemory(desktop) {
  let memory = measureMemory(desktop);
  let settled = 0;
  await waitFor('the memory to settle', () => {
    const now = measureMemory(desktop);
    settled = Math.abs(now.pss - memory.pss) < SETTLED_MEMORY_CHANGE ? settled + 1 : 0;
    memory = now;
    return settled >= SETTLED_MEASUREMENTS;
  });
  return memory;
}

function measureMemory(desktop) {
  return memoryOf(monitorProcesses(desktop.folder));
}

/** Returns rows of name, value, unit and target. */
function createRows({ monitor, before, rounds, after, late, idleCpu, busyCpu, kept, latencies }) {
  const [cold, ...warm] = rounds;
  const warmTimes = warm.map(({ paintedMs }) => paintedMs);
  const memoryTarget = monitor.layout.popoverIsAProcess ? 15 : undefined;
  return [
    ['start to tray item', monitor.startupMs, 'ms', 500],
    ['PSS before the first popover', before.pss, 'MiB', memoryTarget],
    ['RSS before the first popover', before.rss, 'MiB', memoryTarget],
    ['PSS with the popover open', cold.memory.pss, 'MiB'],
    ['RSS with the popover open', cold.memory.rss, 'MiB'],
    ['PSS after it has closed', after.pss, 'MiB', memoryTarget],
    ['RSS after it has closed', after.rss, 'MiB', memoryTarget],
    ['PSS half a minute later', late.pss, 'MiB', memoryTarget],
    ['PSS with a kept popover', kept.memory.pss, 'MiB'],
    ['click to painted, first', cold.paintedMs, 'ms', 400],
    [`click to painted, again (median of ${warmTimes.length})`, median(warmTimes), 'ms', 400],
    ['click to painted, again (slowest)', Math.max(...warmTimes), 'ms'],
    [`click to painted, kept (median of ${kept.times.length})`, median(kept.times), 'ms', 400],
    ['processor, idle', idleCpu, '%', 0.2],
    [`processor, popover open, ${LINES_PER_SECOND} lines per second`, busyCpu, '%'],
    [`line to painted (median of ${latencies.length})`, median(latencies), 'ms', 100],
    ['line to painted (99th percentile)', percentile(latencies, 0.99), 'ms', 100],
  ];
}

function printTable(title, rows) {
  console.log(`\n${title}`);
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, value, unit, target] of rows) {
    const digits = value.toFixed(unit === 'ms' ? 0 : 1);
    console.log(`  ${name.padEnd(width)}  ${digits.padStart(7)} ${unit.padEnd(3)}  ${formatTarget(value, unit, target)}`);
  }
}

function formatTarget(value, unit, target) {
  if (target === undefined) return '';
  return `target < ${target} ${unit}${value < target ? '' : '  MISSED'}`;
}

/** Returns a percentile by the nearest-rank method. */
function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * share) - 1];
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2;
}
