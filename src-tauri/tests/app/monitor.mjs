// Token Monitor as a person runs it, in each of its two layouts, on a private desktop with a made-up Claude folder
// and a store of its own. Nothing here looks inside the program: it starts, clicks, looks and ends.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { untilItem } from './bus.mjs';
import { attach, drivable } from './driver.mjs';
import { ClaudeFolder } from './logs.mjs';
import { untilIconShows, untilPanelIsBare } from './panel.mjs';
import { monitorProcesses, popoverProcesses, signal } from './processes.mjs';
import { until } from './waiting.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Where the two programs are; a folder named in the environment is tested instead of the debug build. */
export const BINARIES = process.env.TOKEN_MONITOR_TEST_BINARIES ?? path.join(ROOT, 'target/debug');

/** How Linux runs it, and how macOS and Windows do. */
export const LAYOUTS = [
  { name: 'resident and popover', program: 'token-monitor', args: ['tray'], popoverIsAProcess: true },
  { name: 'one process', program: 'token-monitor-app', args: ['--one-process'], popoverIsAProcess: false },
];

/** Where `Activate` is said to have happened: near the tray, away from any window. */
const NEAR_THE_TRAY = [1200, 15];

let homes = 0;

/** A path of one of our programs; its absence is explained. */
export function binary(name) {
  const file = path.join(BINARIES, name);
  if (!existsSync(file)) throw new Error(`${file} is not built; npm test builds it`);
  return file;
}

/** A Claude folder and a store nobody has used yet, on a desktop. */
export function newData(desktop) {
  const folder = desktop.place(`data-${(homes += 1)}`);
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

/** Starts a layout and waits for its icon on the bus and on the panel. With `driven`, its popover takes a driver. */
export async function startMonitor(desktop, layout, data, { driven = false, env = {} } = {}) {
  await untilPanelIsBare(desktop);
  const door = driven ? await drivable() : { env: {} };
  const all = { ...data.env, ...door.env, ...env };
  const begun = performance.now();
  const child = desktop.listen(binary(layout.program), layout.args, all);
  const item = await untilItem(desktop);
  const startedIn = performance.now() - begun;
  const icon = await untilIconShows(desktop);
  return new Monitor({ desktop, layout, data, child, item, icon, startedIn, port: door.port });
}

class Monitor {
  constructor(parts) {
    Object.assign(this, parts);
  }

  get claude() {
    return this.data.claude;
  }

  /** The process that counts. */
  get pid() {
    return this.child.pid;
  }

  /** Runs the command against the same data and returns what it printed as JSON. */
  async command(...args) {
    return JSON.parse(await this.desktop.ask(binary('token-monitor'), [...args, '--json'], this.data.env));
  }

  async activate() {
    await this.item.activate(...NEAR_THE_TRAY);
  }

  async clickIcon() {
    await this.desktop.click(...this.icon.centre);
  }

  /** The popover's window, if one shows. */
  async popover() {
    const pids = monitorProcesses(this.desktop.folder).map(({ pid }) => pid);
    return (await this.desktop.windows()).find(({ pid }) => pids.includes(pid));
  }

  /** Opens the popover through the tray item and waits until it shows and has the focus. */
  async openPopover() {
    await this.activate();
    return this.untilOpen();
  }

  async untilShown() {
    return until('the popover', () => this.popover());
  }

  async untilOpen() {
    const shown = await this.untilShown();
    await until('the popover to have the focus', async () => (await this.focusedWindow()) === shown.pid);
    return shown;
  }

  /** Waits until the figures of this many popovers in all have been on the screen: until then a click waits for them. */
  async untilPainted(count = 1) {
    await until('the figures on the screen', () => this.child.heard('painted').length >= count);
  }

  /** Presses Escape until the popover closes: before its page has come up nothing listens to keys. */
  async escape() {
    const pressed = async () => {
      if (!(await this.popover())) return true;
      await this.desktop.key('Escape');
      return false;
    };
    await until('Escape to close the popover', pressed);
  }

  async untilClosed() {
    await until('the popover to close', async () => !(await this.popover()));
  }

  /** Opens the popover under the driver. */
  async drivePopover() {
    await this.activate();
    return this.attachPopover();
  }

  /** Drives a popover that something else opens. */
  async attachPopover() {
    const page = await attach(this.desktop, this.port);
    await page.find('tab-now');
    return page;
  }

  /** The process whose window has the focus. */
  async focusedWindow() {
    return Number(await this.desktop.ask('xdotool', ['getactivewindow', 'getwindowpid']));
  }

  /** Waits until nothing of a popover runs any more. */
  async untilPopoverIsGone() {
    await until('the popover and its web view to end', () => popoverProcesses(this.desktop.folder).length === 0);
  }

  /** Ends all of it as a session manager does, and waits until nothing of it is left. */
  async quit() {
    const ours = () => monitorProcesses(this.desktop.folder);
    for (const { pid } of ours()) signal(pid, 'SIGTERM');
    await until('the program to end', () => ours().length === 0);
    await untilPanelIsBare(this.desktop);
  }
}

/** Ends what a failed test left running, so that the next one starts on a bare panel. */
export async function clearAway(desktop) {
  for (const { pid } of monitorProcesses(desktop.folder)) signal(pid, 'SIGKILL');
  await until('nothing of ours to run', () => monitorProcesses(desktop.folder).length === 0);
  await untilPanelIsBare(desktop);
}
