// Token Monitor as a person runs it, in each of its two layouts, on a private desktop with synthetic logs and a store of
// its own. The programs are used from outside only: started, clicked, looked at and ended.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { waitForTrayItem } from './dbus.mjs';
import { ClaudeFolder } from './fixture-logs.mjs';
import { waitForEmptyPanel, waitForIcon } from './panel.mjs';
import { monitorProcesses, popoverProcesses, sendSignal } from './processes.mjs';
import { waitFor } from './wait.mjs';
import { allowDriver, attachDriver } from './webdriver.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The folder of the programs under test. Default: the debug build. */
export const PROGRAM_FOLDER = process.env.TOKEN_MONITOR_TEST_BINARIES ?? path.join(ROOT, 'target/debug');

/** The layout of Linux, and that of macOS and Windows. */
export const LAYOUTS = [
  { name: 'tray process and popover', program: 'token-monitor-tray', args: [], popoverIsAProcess: true },
  { name: 'one process', program: 'token-monitor-app', args: ['--one-process'], popoverIsAProcess: false },
];

/** The position passed with a click on the tray item: near the tray, away from any window. */
const CLICK_POSITION = [1200, 15];

let dataFolders = 0;

/** Returns the path of a program under test. Throws if it has not been built. */
export function programPath(name) {
  const file = path.join(PROGRAM_FOLDER, name);
  if (!existsSync(file)) throw new Error(`${file} does not exist. npm test builds it.`);
  return file;
}

/** Creates an empty Claude folder, and the paths of a new store and settings file. */
export function createData(desktop) {
  const folder = desktop.pathTo(`data-${(dataFolders += 1)}`);
  const claude = new ClaudeFolder(path.join(folder, 'claude'));
  const env = {
    CLAUDE_CONFIG_DIR: claude.folder,
    TOKEN_MONITOR_DB: path.join(folder, 'sessions.db'),
    TOKEN_MONITOR_CONFIG: path.join(folder, 'config.yaml'),
    TOKEN_MONITOR_LOG_LEVEL: 'warn',
    TOKEN_MONITOR_TRACE_PAINT: '1',
  };
  return { claude, env };
}

/**
 * Starts a layout, and waits for its icon on the bus and on the panel. With `automated`, its popover accepts a driver.
 */
export async function startMonitor(desktop, layout, data, { automated = false, env = {} } = {}) {
  await waitForEmptyPanel(desktop);
  const driver = automated ? await allowDriver() : { env: {} };
  const startedAt = performance.now();
  const child = desktop.startWithOutput(programPath(layout.program), layout.args, { ...data.env, ...driver.env, ...env });
  const item = await waitForTrayItem(desktop);
  const startupMs = performance.now() - startedAt;
  const icon = await waitForIcon(desktop);
  return new Monitor({ desktop, layout, data, child, item, icon, startupMs, driverPort: driver.port });
}

/** The time after which a key that had no effect is pressed again. */
const KEY_REPEAT_MS = 1_000;

class Monitor {
  constructor(fields) {
    Object.assign(this, fields);
  }

  get claude() {
    return this.data.claude;
  }

  /** The process that owns the tray icon. */
  get pid() {
    return this.child.pid;
  }

  /** Runs the command on the same data, and returns its JSON. */
  async runJson(...args) {
    return JSON.parse(await this.run(...args, '--json'));
  }

  /** Runs the command on the same data, and returns its output. */
  async run(...args) {
    return this.desktop.run(programPath('token-monitor'), args, this.data.env);
  }

  /** Activates the tray item through the bus, as a panel does on a click. */
  async activate() {
    await this.item.activate(...CLICK_POSITION);
  }

  /** Clicks the icon with the pointer. */
  async clickIcon() {
    await this.desktop.click(...this.icon.center);
  }

  /** Returns the popover's window, or undefined if none is shown. */
  async popoverWindow() {
    const pids = monitorProcesses(this.desktop.folder).map(({ pid }) => pid);
    return (await this.desktop.windows()).find(({ pid }) => pids.includes(pid));
  }

  /** Opens the popover through the tray item, and waits until it is shown and focused. */
  async openPopover() {
    await this.activate();
    return this.waitUntilOpen();
  }

  async waitUntilShown() {
    return waitFor('the popover', () => this.popoverWindow());
  }

  /** Waits until the popover is shown and focused, and returns its window. */
  async waitUntilOpen() {
    const window = await this.waitUntilShown();
    await waitFor('the popover to have the focus', async () => (await this.desktop.focusedPid()) === window.pid);
    return window;
  }

  /** Waits until `count` popovers have painted their figures. A click before that waits for the paint. */
  async waitUntilPainted(count = 1) {
    await waitFor('the figures on the screen', () => this.child.lineTimes('painted').length >= count);
  }

  /**
   * Presses Escape until the popover closes. A page that is still loading ignores keys. A key is repeated only after a
   * while, because one that arrives late would close the next popover.
   */
  async closeWithEscape() {
    let pressedAt = 0;
    const pressOrDone = async () => {
      if (!(await this.popoverWindow())) return true;
      if (Date.now() - pressedAt < KEY_REPEAT_MS) return false;
      await this.desktop.pressKey('Escape');
      pressedAt = Date.now();
      return false;
    };
    await waitFor('Escape to close the popover', pressOrDone);
  }

  /** Waits until no popover is shown. */
  async waitUntilClosed() {
    await waitFor('the popover to close', async () => !(await this.popoverWindow()));
  }

  /** Waits until the processes of the popover and its web view have ended. */
  async waitUntilPopoverExits() {
    const hasEnded = () => popoverProcesses(this.desktop.folder).length === 0;
    await waitFor('the popover and its web view to end', hasEnded);
  }

  /** Waits until the popover is closed. If it is a process of its own, also until that has ended. */
  async waitUntilDismissed() {
    await this.waitUntilClosed();
    if (this.layout.popoverIsAProcess) await this.waitUntilPopoverExits();
  }

  /** Opens the popover, and attaches a driver to it. */
  async openWithDriver() {
    await this.activate();
    return this.attachDriver();
  }

  /** Attaches a driver to a popover that something else opens. */
  async attachDriver() {
    const page = await attachDriver(this.desktop, this.driverPort);
    await page.waitForTestId('tab-now');
    return page;
  }

  /** Terminates all processes, as a session manager does, and waits until they have ended. */
  async quit() {
    const listProcesses = () => monitorProcesses(this.desktop.folder);
    for (const { pid } of listProcesses()) sendSignal(pid, 'SIGTERM');
    await waitFor('the program to end', () => listProcesses().length === 0);
    await waitForEmptyPanel(this.desktop);
  }
}

/** Kills the processes that a failed test left running, and waits until the panel is empty. */
export async function killMonitors(desktop) {
  for (const { pid } of monitorProcesses(desktop.folder)) sendSignal(pid, 'SIGKILL');
  await waitFor('all processes of Token Monitor to end', () => monitorProcesses(desktop.folder).length === 0);
  await waitForEmptyPanel(desktop);
}
