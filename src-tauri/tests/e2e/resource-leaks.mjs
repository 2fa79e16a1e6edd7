// Leak detection: open files, threads, processes and memory before and after many openings of the popover.

import { countOpenFiles, handlesOf, memoryOf, monitorProcesses } from './processes.mjs';
import { waitFor } from './wait.mjs';

/** Openings before the first measurement. They fill caches and pools, and start the helpers of the one-process layout. */
const WARM_UP_ROUNDS = 10;

/** Memory in MiB. Pool threads and a closing socket come and go, and the allocator keeps a little. */
const TRAY_PROCESS_TOLERANCE = { handles: 2, memory: 2, memoryPerRound: 0 };

/**
 * WebKit starts to watch the system's memory half a minute after its first page, with seven files that it never closes.
 * GTK and WebKit's processes keep caches, and of each closed web view the library keeps 0.1 MiB, measured over 500
 * views. For this reason a process on Linux shows one popover and then ends.
 */
const ONE_PROCESS_TOLERANCE = { handles: 12, memory: 24, memoryPerRound: 0.15 };

/**
 * WebKit keeps one page of shared memory for the visited links of every web view that a process has had. On Linux only
 * the one-process layout has more than one view in a process.
 */
const VISITED_LINKS_FILE = 'WebKitSharedMemory';

/** Opens and closes the popover `rounds` times, writes a log line each time, and returns the resources before and after. */
export async function openRepeatedly(monitor, session, rounds) {
  let before;
  for (let round = 0; round < WARM_UP_ROUNDS + rounds; round += 1) {
    if (round === WARM_UP_ROUNDS) before = measureResources(monitor);
    session.answer();
    await monitor.openPopover();
    await monitor.closeWithEscape();
    await monitor.waitUntilDismissed();
  }
  const hasNoLeaks = () => findLeaks(monitor, { rounds, before, after: measureResources(monitor) }).length === 0;
  // Anything that is not released before the timeout counts as a leak.
  await waitFor('all resources to be released', hasNoLeaks).catch(() => undefined);
  return { rounds, before, after: measureResources(monitor) };
}

/** Returns the kinds of resources that have grown beyond the tolerance. */
export function findLeaks(monitor, { rounds, before, after }) {
  const tolerance = monitor.layout.popoverIsAProcess ? TRAY_PROCESS_TOLERANCE : ONE_PROCESS_TOLERANCE;
  const leaks = ['files', 'threads', 'processes'].filter((kind) => after[kind] - before[kind] > tolerance.handles);
  const memoryLimit = tolerance.memory + rounds * tolerance.memoryPerRound;
  return after.memory - before.memory > memoryLimit ? [...leaks, 'memory'] : leaks;
}

function measureResources(monitor) {
  const processes = monitorProcesses(monitor.desktop.folder);
  const { files, threads } = handlesOf(processes);
  const keptByWebKit = monitor.layout.popoverIsAProcess ? 0 : countOpenFiles(processes, VISITED_LINKS_FILE);
  return { files: files - keptByWebKit, threads, processes: processes.length, memory: memoryOf(processes).pss };
}
