// A private desktop: an X server on a free display, a session bus, a window manager, xfce4-panel with a tray, and a home
// folder, all in a temporary folder. Its programs cannot reach the person's session, settings or Claude Code logs. All of
// it ends with `close()` or with this process.

import { execFile, spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import { isHostRegistered } from './dbus.mjs';
import { EDGES, PANEL_SETTINGS, capturePanel, isAtEdge } from './panel.mjs';
import { DESKTOP_VARIABLE, killAll, processesOf } from './processes.mjs';
import { waitFor } from './wait.mjs';
import { connectToDisplay } from './x-client.mjs';

const execFileAsync = promisify(execFile);

/** In bytes. A screen of 2560 by 1600 in RGB takes 12 MB. */
const MAX_OUTPUT = 64 * 1024 * 1024;

const COMMAND_TIMEOUT_MS = 30_000;

/** Variables of the person's session that the private one must not inherit. */
const EXCLUDED_VARIABLES = [
  'DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY', 'DBUS_SESSION_BUS_ADDRESS', 'DBUS_STARTER_ADDRESS', 'SESSION_MANAGER',
  'XDG_SESSION_ID', 'XDG_SESSION_TYPE', 'XDG_CURRENT_DESKTOP', 'GDK_SCALE', 'GTK_THEME', 'GTK_MODULES', 'TZ',
  'CLAUDE_CONFIG_DIR', 'NODE_TEST_CONTEXT', 'NODE_OPTIONS',
];

const openDesktops = new Set();

/**
 * Opens a desktop. With `panel: false` it has no tray, with `compositor: true` it composites. `scale` is the display scale
 * factor, 1 or 2.
 */
export async function openDesktop({ width = 1280, height = 800, scale = 1, panel = true, compositor = false } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'token-monitor-'));
  const desktop = new Desktop(folder, { width, height }, scale);
  openDesktops.add(desktop);
  try {
    await desktop.open(panel, compositor);
  } catch (error) {
    const output = desktop.programOutput();
    desktop.close();
    throw new Error(`the private desktop did not open\n${output}`, { cause: error });
  }
  return desktop;
}

class Desktop {
  /** The pixels of the panel without a tray icon, for each edge where it has been. */
  #emptyPanels = {};

  constructor(folder, size, scale) {
    this.folder = folder;
    this.size = size;
    this.scale = scale;
    this.env = { ...createEnvironment(folder), ...(scale === 1 ? {} : { GDK_SCALE: String(scale) }) };
    for (const folderPath of [this.home, this.env.XDG_CONFIG_HOME, this.env.XDG_RUNTIME_DIR]) {
      mkdirSync(folderPath, { recursive: true, mode: 0o700 });
    }
  }

  get home() {
    return this.env.HOME;
  }

  /** Returns a path inside the desktop's folder. */
  pathTo(...names) {
    return path.join(this.folder, ...names);
  }

  async open(panel, compositor) {
    await this.#startXServer();
    await this.#startBus();
    await this.#startWindowManager();
    if (compositor) await this.#startCompositor();
    if (panel) await this.#startPanel();
  }

  /** Starts a program. Its output is appended to the desktop's output file. */
  start(program, args = [], env = {}) {
    return this.#spawn(program, args, env, ['ignore', this.#openOutputFile(), this.#openOutputFile()]);
  }

  /** Starts a program and records its lines: `child.lineTimes(line)` returns the times at which it printed one. */
  startWithOutput(program, args = [], env = {}) {
    const child = this.#spawn(program, args, env, ['ignore', 'pipe', this.#openOutputFile()]);
    const lines = [];
    createInterface({ input: child.stdout }).on('line', (text) => lines.push({ text, at: performance.now() }));
    child.lineTimes = (text) => lines.filter((line) => line.text === text).map(({ at }) => at);
    child.stdout.unref();
    return child;
  }

  /** Runs a program to its end and returns its standard output. Throws if it fails. */
  async run(program, args = [], env = {}) {
    const options = { env: { ...this.env, ...env }, maxBuffer: MAX_OUTPUT, timeout: COMMAND_TIMEOUT_MS };
    return (await execFileAsync(program, args, options)).stdout;
  }

  /** Saves the screen, or the area `{ x, y, width, height }` of it, as a PNG file. */
  async screenshot(file, area) {
    mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
    await this.run('import', ['-window', 'root', ...cropArguments(area), path.resolve(file)]);
  }

  /** Returns the colors of an area of the screen: three bytes per pixel, row by row. */
  async pixels(area) {
    const args = ['-window', 'root', ...cropArguments(area), '-depth', '8', 'rgb:-'];
    const options = { env: this.env, maxBuffer: MAX_OUTPUT, encoding: 'buffer' };
    return (await execFileAsync('import', args, options)).stdout;
  }

  /** Moves the pointer and clicks its left button. */
  async click(x, y) {
    await this.run('xdotool', ['mousemove', String(x), String(y), 'click', '1']);
  }

  async movePointer(x, y) {
    await this.run('xdotool', ['mousemove', String(x), String(y)]);
  }

  /** Presses a key, given by its X name, in the focused window. */
  async pressKey(name) {
    await this.run('xdotool', ['key', name]);
  }

  /** Returns the windows that the window manager shows, as `{ id, pid, x, y, width, height, title }`. */
  async windows() {
    // wmctrl fails if a window closes while it lists them.
    const { list } = await waitFor('a list of windows', async () => ({ list: await this.run('wmctrl', ['-lpG']) }));
    return list.split('\n').filter(Boolean).map(parseWindow);
  }

  /** Returns the id of the focused window. */
  async focusedWindowId() {
    return Number(await this.run('xdotool', ['getwindowfocus']));
  }

  /** Returns the process of the focused window. */
  async focusedPid() {
    return Number(await this.run('xdotool', ['getactivewindow', 'getwindowpid']));
  }

  /** Opens the window of another program. The result's `focus()` gives it the focus. */
  async openForeignWindow() {
    const TITLE = 'Another program';
    const child = this.start('xev', ['-name', TITLE, '-geometry', '300x200+60+500', '-event', 'owner_grab_button']);
    const findWindow = async () => (await this.windows()).find(({ title }) => title === TITLE);
    const { id } = await waitFor('the other window', findWindow);
    return { id, child, focus: () => this.run('wmctrl', ['-i', '-a', `0x${id.toString(16)}`]) };
  }

  /** Moves the panel to another edge of the screen. */
  async movePanel(edge) {
    const { mode, position } = EDGES[edge];
    const set = (name, type, value) =>
      this.run('xfconf-query', ['-c', 'xfce4-panel', '-p', `/panels/panel-1/${name}`, '-n', '-t', type, '-s', String(value)]);
    await set('mode', 'uint', mode);
    await set('position', 'string', position);
    await this.#waitForPanelAt(edge);
  }

  /** Kills the panel with its tray, and starts it again. */
  async restartPanel() {
    this.panel.kill('SIGKILL');
    await waitFor('the panel to be gone', async () => !(await isHostRegistered(this).catch(() => false)));
    await this.#launchPanel();
  }

  /** Returns a range of wall-clock times from an hour ago to an hour from now, such as `11:00-13:00`. */
  async hoursAroundNow() {
    const clock = async (offset) => (await this.run('date', ['-d', offset, '+%H:%M'])).trim();
    return `${await clock('-1 hour')}-${await clock('+1 hour')}`;
  }

  /** Returns what the programs of this desktop have printed, except those started with `startWithOutput`. */
  programOutput() {
    try {
      return readFileSync(this.pathTo('output'), 'utf8');
    } catch {
      return '';
    }
  }

  /** Lists the running processes of this desktop, one per line, for an error message. */
  describeProcesses() {
    return processesOf(this.folder).map(({ pid, args }) => `${pid} ${args.join(' ')}`).join('\n');
  }

  /** Kills every process of this desktop and deletes its folder. */
  close() {
    if (!openDesktops.delete(this)) return;
    killAll(this.folder);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** The server chooses a free display number and writes it to its descriptor 3. */
  async #startXServer() {
    const screen = `${this.size.width}x${this.size.height}x24`;
    const args = ['-displayfd', '3', '-screen', '0', screen, '-dpi', '96', '-nolisten', 'tcp', '-noreset'];
    this.env.DISPLAY = `:${await this.#readReadyLine('Xvfb', args)}`;
  }

  async #startBus() {
    const address = `--address=unix:path=${this.env.XDG_RUNTIME_DIR}/bus`;
    const args = ['--session', '--nofork', '--nopidfile', address, '--print-address=3'];
    this.env.DBUS_SESSION_BUS_ADDRESS = await this.#readReadyLine('dbus-daemon', args);
  }

  async #startWindowManager() {
    this.start('openbox', ['--sm-disable']);
    const isManaged = async () => (await this.run('wmctrl', ['-m'])).includes('Openbox');
    await waitFor('the window manager', isManaged);
  }

  /** A compositor owns a selection with the screen's number. */
  async #startCompositor() {
    this.start('xcompmgr', ['-n']);
    const client = await connectToDisplay(this.env.DISPLAY);
    await waitFor('the compositor', () => client.hasSelectionOwner('_NET_WM_CM_S0'));
    client.close();
  }

  async #startPanel() {
    const settings = path.join(this.env.XDG_CONFIG_HOME, 'xfce4/xfconf/xfce-perchannel-xml');
    mkdirSync(settings, { recursive: true });
    writeFileSync(path.join(settings, 'xfce4-panel.xml'), PANEL_SETTINGS);
    await this.#launchPanel();
    await this.movePointer(this.size.width / 2, this.size.height / 2);
    await this.#waitForPanelAt('top');
  }

  /** Waits for the panel at an edge. The first time there, it must have no tray icon: its pixels are kept. */
  async #waitForPanelAt(edge) {
    const isPanel = (window) => isAtEdge(edge, window, this.size, this.scale);
    const panel = await waitFor(`the panel at the ${edge}`, async () => (await this.windows()).find(isPanel));
    this.#emptyPanels[edge] ??= await capturePanel(this, panel);
    this.emptyPanel = this.#emptyPanels[edge];
  }

  async #launchPanel() {
    this.panel = this.start('xfce4-panel', ['--disable-wm-check', '--sm-client-disable']);
    await waitFor('the panel to host tray items', () => isHostRegistered(this));
  }

  /** Starts a program that writes one line to its descriptor 3 when it is ready, and returns that line. */
  async #readReadyLine(program, args) {
    const output = [this.#openOutputFile(), this.#openOutputFile()];
    const child = this.#spawn(program, args, {}, ['ignore', ...output, 'pipe']);
    let text = '';
    child.stdio[3].on('data', (chunk) => (text += chunk));
    child.stdio[3].unref();
    await waitFor(`${program} to be ready`, () => text.includes('\n') || throwIfEnded(program, child));
    return text.split('\n')[0].trim();
  }

  /** Starts a program that the kernel kills when this process ends, however it ends. */
  #spawn(program, args, env, stdio) {
    const setprivArgs = ['--pdeathsig', 'KILL', program, ...args];
    const child = spawn('setpriv', setprivArgs, { env: { ...this.env, ...env }, cwd: this.home, stdio });
    stdio.filter((entry) => typeof entry === 'number').forEach((file) => closeSync(file));
    child.unref();
    return child;
  }

  #openOutputFile() {
    return openSync(this.pathTo('output'), 'a');
  }
}

/** Closes the desktops that are still open, also after a failed or interrupted test. */
function closeAll() {
  for (const desktop of [...openDesktops]) desktop.close();
}

process.on('exit', closeAll);
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(name, () => process.exit(1));
}

function createEnvironment(folder) {
  const home = path.join(folder, 'home');
  const isInherited = (name) => !EXCLUDED_VARIABLES.includes(name) && !name.startsWith('TOKEN_MONITOR_');
  const inherited = Object.entries(process.env).filter(([name]) => isInherited(name));
  return {
    ...Object.fromEntries(inherited),
    [DESKTOP_VARIABLE]: folder,
    HOME: home,
    XDG_CONFIG_HOME: path.join(home, '.config'),
    XDG_DATA_HOME: path.join(home, '.local/share'),
    XDG_STATE_HOME: path.join(home, '.local/state'),
    XDG_CACHE_HOME: path.join(home, '.cache'),
    XDG_RUNTIME_DIR: path.join(folder, 'run'),
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    GDK_BACKEND: 'x11',
    GTK_USE_PORTAL: '0',
    GIO_USE_VFS: 'local',
    GSETTINGS_BACKEND: 'memory',
    NO_AT_BRIDGE: '1',
    LIBGL_ALWAYS_SOFTWARE: '1',
  };
}

function cropArguments(area) {
  return area ? ['-crop', `${area.width}x${area.height}+${area.x}+${area.y}`, '+repage'] : [];
}

function parseWindow(line) {
  const [id, , pid, x, y, width, height, , ...title] = line.split(/\s+/);
  const [left, top, wide, high] = [x, y, width, height].map(Number);
  return { id: Number(id), pid: Number(pid), x: left, y: top, width: wide, height: high, title: title.join(' ') };
}

function throwIfEnded(program, child) {
  if (child.exitCode !== null) throw new Error(`${program} exited with ${child.exitCode}`);
  return false;
}
