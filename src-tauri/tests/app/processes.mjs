// Which processes belong to one private desktop, what they are, and what they hold in memory. Linux only: it reads
// /proc. A process belongs to a desktop when its environment names that desktop's folder, so it finds children of
// children and services started by the bus, and never touches anything else.

import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';

/** The variable every process of a private desktop carries; its value is the desktop's folder. */
export const MARK = 'TOKEN_MONITOR_TEST_DESKTOP';

const MEBIBYTE_IN_KIB = 1024;

/** The processes of a desktop, as `{ pid, parent, name, args }`. */
export function processesOf(folder) {
  const mark = `${MARK}=${folder}`;
  return allPids()
    .filter((pid) => read(pid, 'environ').split('\0').includes(mark))
    .map(describe)
    .filter(Boolean);
}

/** The processes of Token Monitor on a desktop, with the web view's own. */
export function monitorProcesses(folder) {
  return processesOf(folder).filter(({ name }) => name.startsWith('token-monitor') || isWebKit(name));
}

/** The residents on a desktop. */
export function residents(folder) {
  return processesOf(folder).filter(({ name, args }) => name === 'token-monitor' && args[1] === 'tray');
}

/** What must not outlive a popover: the popover's own process and every process of its web view. */
export function popoverProcesses(folder) {
  return processesOf(folder).filter(({ name }) => name === 'token-monitor-app' || isWebKit(name));
}

/** What some processes hold together, in MiB: `pss` counts shared pages once, `rss` counts them in each. */
export function memoryOf(processes) {
  const sums = processes.map(({ pid }) => read(pid, 'smaps_rollup'));
  return { pss: sumOf(sums, 'Pss'), rss: sumOf(sums, 'Rss') };
}

/** Open files and threads of some processes together. */
export function handlesOf(processes) {
  const count = (folder) => processes.reduce((sum, { pid }) => sum + entries(`/proc/${pid}/${folder}`).length, 0);
  return { files: count('fd'), threads: count('task') };
}

/** How many open files of some processes have this in their name. */
export function openFiles(processes, name) {
  const of = ({ pid }) => entries(`/proc/${pid}/fd`).filter((file) => linkOf(`/proc/${pid}/fd/${file}`).includes(name)).length;
  return processes.reduce((sum, one) => sum + of(one), 0);
}

/** The processor's time some processes took so far, in seconds. */
export function processorTimeOf(processes) {
  const TICKS_A_SECOND = 100;
  const ticks = ({ pid }) => {
    // What stands after the name in brackets: the state is the first, user and system time the 12th and 13th.
    const [, , , , , , , , , , , user, system] = read(pid, 'stat').replace(/^.*\) /s, '').split(' ').map(Number);
    return (user ?? 0) + (system ?? 0);
  };
  return processes.reduce((sum, one) => sum + ticks(one), 0) / TICKS_A_SECOND;
}

/** Whether a process still runs; one that has ended and waits for its parent does not. */
export function runs(pid) {
  const stat = read(pid, 'stat');
  return stat !== '' && !/\) [ZX] /.test(stat);
}

/** Ends every process of a desktop at once, without asking. */
export function killAll(folder) {
  for (const { pid } of processesOf(folder)) {
    signal(pid, 'SIGKILL');
  }
}

/** Sends a signal to a process that may have ended meanwhile. */
export function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Whether a TCP port of this computer is being listened on; asks the kernel and connects to nothing. */
export function listens(port) {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const LISTEN = '0A';
  return text('/proc/net/tcp')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .some(([, local, , state]) => local?.endsWith(`:${hex}`) && state === LISTEN);
}

function isWebKit(name) {
  return name.startsWith('WebKit') && name !== 'WebKitWebDriver';
}

function describe(pid) {
  const args = withoutInterpreter(pid, read(pid, 'cmdline').split('\0').slice(0, -1));
  const parent = Number(/^PPid:\s+(\d+)/m.exec(read(pid, 'status'))?.[1]);
  return runs(pid) && args.length > 0 ? { pid, parent, name: path.basename(args[0]), args } : undefined;
}

/** A script is known by its own name rather than its interpreter's. */
function withoutInterpreter(pid, args) {
  const isInterpreted = /^(python|node|bash|sh)/.test(path.basename(executable(pid)));
  return isInterpreted && args.length > 1 ? args.slice(1) : args;
}

function executable(pid) {
  return linkOf(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '');
}

function linkOf(file) {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}

function sumOf(rollups, field) {
  const line = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm');
  const kib = rollups.reduce((sum, rollup) => sum + Number(line.exec(rollup)?.[1] ?? 0), 0);
  return kib / MEBIBYTE_IN_KIB;
}

function allPids() {
  return entries('/proc').filter((entry) => /^\d+$/.test(entry)).map(Number);
}

function entries(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(pid, file) {
  return text(`/proc/${pid}/${file}`);
}

/** Processes end between a look at the list and a look at them; then there is nothing to read. */
function text(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
