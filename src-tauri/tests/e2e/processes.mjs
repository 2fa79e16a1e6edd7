// The processes of a private desktop: which they are, and what they use. Linux only, by /proc. A process belongs to a
// desktop if its environment contains that desktop's folder. This includes grandchildren and services started by the
// session bus, and excludes every other process of the computer.

import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';

/** The environment variable of every process of a private desktop. Its value is the desktop's folder. */
export const DESKTOP_VARIABLE = 'TOKEN_MONITOR_TEST_DESKTOP';

const KIB_PER_MIB = 1024;

/** Unit of the times in /proc/PID/stat; the kernel reports them to programs at this rate on every system. */
const CLOCK_TICKS_PER_SECOND = 100;

/** Returns the processes of a desktop, as `{ pid, parent, name, args }`. */
export function processesOf(folder) {
  const variable = `${DESKTOP_VARIABLE}=${folder}`;
  return allPids()
    .filter((pid) => readProcessFile(pid, 'environ').split('\0').includes(variable))
    .map(describeProcess)
    .filter(Boolean);
}

/** Returns the processes of Token Monitor on a desktop, including those of its web view. */
export function monitorProcesses(folder) {
  return processesOf(folder).filter(({ name }) => name.startsWith('token-monitor') || isWebKit(name));
}

/** Returns the tray processes on a desktop. */
export function trayProcesses(folder) {
  return processesOf(folder).filter(({ name }) => name === 'token-monitor-tray');
}

/** Returns the popover processes on a desktop, including those of their web views. */
export function popoverProcesses(folder) {
  return processesOf(folder).filter(({ name }) => name === 'token-monitor-app' || isWebKit(name));
}

/** Returns the memory of some processes together, in MiB. `pss` counts a shared page once, `rss` once per process. */
export function memoryOf(processes) {
  const rollups = processes.map(({ pid }) => readProcessFile(pid, 'smaps_rollup'));
  return { pss: sumField(rollups, 'Pss'), rss: sumField(rollups, 'Rss') };
}

/** Returns the number of open files and threads of some processes together. */
export function handlesOf(processes) {
  const count = (folder) => processes.reduce((sum, { pid }) => sum + listFolder(`/proc/${pid}/${folder}`).length, 0);
  return { files: count('fd'), threads: count('task') };
}

/** Returns how many open files of some processes contain `name` in their path. */
export function countOpenFiles(processes, name) {
  const targets = ({ pid }) => listFolder(`/proc/${pid}/fd`).map((file) => readLink(`/proc/${pid}/fd/${file}`));
  return processes.flatMap(targets).filter((target) => target.includes(name)).length;
}

/** Returns the processor time that some processes have used so far, in seconds. */
export function cpuTimeOf(processes) {
  const ticks = ({ pid }) => {
    // After the name in parentheses, the state is field 1, user time field 12 and system time field 13.
    const fields = readProcessFile(pid, 'stat').replace(/^.*\) /s, '').split(' ').map(Number);
    return (fields[11] ?? 0) + (fields[12] ?? 0);
  };
  return processes.reduce((sum, process) => sum + ticks(process), 0) / CLOCK_TICKS_PER_SECOND;
}

/** Returns true if a process is running. A zombie is not. */
export function isRunning(pid) {
  const stat = readProcessFile(pid, 'stat');
  return stat !== '' && !/\) [ZX] /.test(stat);
}

/** Kills every process of a desktop. */
export function killAll(folder) {
  for (const { pid } of processesOf(folder)) {
    sendSignal(pid, 'SIGKILL');
  }
}

/** Sends a signal to a process. Does nothing if it has ended already. */
export function sendSignal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Returns true if a program of this computer listens on a TCP port. Reads /proc and connects to nothing. */
export function isPortOpen(port) {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const LISTEN = '0A';
  return readText('/proc/net/tcp')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .some(([, local, , state]) => local?.endsWith(`:${hexPort}`) && state === LISTEN);
}

function isWebKit(name) {
  return name.startsWith('WebKit') && name !== 'WebKitWebDriver';
}

function describeProcess(pid) {
  const args = withoutInterpreter(pid, readProcessFile(pid, 'cmdline').split('\0').slice(0, -1));
  const parent = Number(/^PPid:\s+(\d+)/m.exec(readProcessFile(pid, 'status'))?.[1]);
  return isRunning(pid) && args.length > 0 ? { pid, parent, name: path.basename(args[0]), args } : undefined;
}

/** Removes the interpreter from the arguments of a script, so that the process has the script's name. */
function withoutInterpreter(pid, args) {
  const isInterpreted = /^(python|node|bash|sh)/.test(path.basename(executableOf(pid)));
  return isInterpreted && args.length > 1 ? args.slice(1) : args;
}

function executableOf(pid) {
  return readLink(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '');
}

function sumField(rollups, field) {
  const line = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm');
  const kib = rollups.reduce((sum, rollup) => sum + Number(line.exec(rollup)?.[1] ?? 0), 0);
  return kib / KIB_PER_MIB;
}

function allPids() {
  return listFolder('/proc').filter((entry) => /^\d+$/.test(entry)).map(Number);
}

function readProcessFile(pid, file) {
  return readText(`/proc/${pid}/${file}`);
}

// A process may end between two reads. Its files are then gone; they read as empty.

function readText(file) {
  return orDefault('', () => readFileSync(file, 'utf8'));
}

function readLink(file) {
  return orDefault('', () => readlinkSync(file));
}

function listFolder(folder) {
  return orDefault([], () => readdirSync(folder));
}

function orDefault(fallback, read) {
  try {
    return read();
  } catch {
    return fallback;
  }
}
