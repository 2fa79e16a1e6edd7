// What many openings of the popover leave behind: open files, threads, processes and memory, before and after. It
// measures and judges; what is asked of it is how often.

import { handlesOf, memoryOf, monitorProcesses, openFiles } from './processes.mjs';
import { until } from './waiting.mjs';

/** The first openings fill caches and pools, and start what stays in one process; what they add is not left behind. */
const WARM_UP = 10;

/** The resident: threads of a pool and a socket on its way out come and go, and its allocator keeps a little. In MiB. */
const RESIDENT_MAY_GROW_BY = { handles: 2, memory: 2, memoryEachTime: 0 };

/**
 * One process: half a minute after its first page WebKit begins to watch the memory, for good, through seven files; GTK
 * and WebKit's own processes keep caches; and of each web view that is gone the library still holds a tenth of a MiB,
 * measured over 500 of them. It is the reason why on Linux a process shows one popover and ends.
 */
const ONE_PROCESS_MAY_GROW_BY = { handles: 12, memory: 24, memoryEachTime: 0.15 };

/**
 * WebKit keeps a page of memory for the visited links of every web view that a process ever had, when the view itself is
 * long finalised. On Linux no process of ours has a second web view but in this layout.
 */
const VISITED_LINKS = 'WebKitSharedMemory';

/** Opens and closes the popover so often, with a line in a log each time, and says what was there before and after. */
export async function openMany(monitor, session, rounds) {
  let before;
  for (let round = 0; round < WARM_UP + rounds; round += 1) {
    if (round === WARM_UP) before = holds(monitor);
    session.answer();
    await monitor.openPopover();
    await monitor.escape();
    await dismissed(monitor);
  }
  const settled = () => grown(monitor, { rounds, before, after: holds(monitor) }).length === 0;
  // What has not gone by then has grown.
  await until('everything to be as it was', settled).catch(() => undefined);
  return { rounds, before, after: holds(monitor) };
}

/** In which of these there is more than before. */
export function grown(monitor, { rounds, before, after }) {
  const may = monitor.layout.popoverIsAProcess ? RESIDENT_MAY_GROW_BY : ONE_PROCESS_MAY_GROW_BY;
  const handles = ['files', 'threads', 'processes'].filter((kind) => after[kind] - before[kind] > may.handles);
  const memory = may.memory + rounds * may.memoryEachTime;
  return after.memory - before.memory > memory ? [...handles, 'memory'] : handles;
}

/** Everything of ours that runs, with what it holds. */
function holds(monitor) {
  const ours = monitorProcesses(monitor.desktop.folder);
  const { files, threads } = handlesOf(ours);
  const keptByWebKit = monitor.layout.popoverIsAProcess ? 0 : openFiles(ours, VISITED_LINKS);
  return { files: files - keptByWebKit, threads, processes: ours.length, memory: memoryOf(ours).pss };
}

async function dismissed(monitor) {
  if (monitor.layout.popoverIsAProcess) await monitor.untilPopoverIsGone();
  else await monitor.untilClosed();
}
