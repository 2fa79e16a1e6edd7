// A private desktop: an X server on a display nobody else uses, a session bus, a window manager, a real xfce4-panel
// with a tray, and a home of its own in a temporary folder. Nothing in it sees the person's own session, settings or
// Claude Code logs, and nothing of it outlives `close()` or this process.

import { execFile, spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import { isHostRegistered } from './bus.mjs';
import { EDGES, PANEL_SETTINGS, lookAtPanel, liesAlong } from './panel.mjs';
import { MARK, killAll, processesOf } from './processes.mjs';
import { until } from './waiting.mjs';

const run = promisify(execFile);

/** A screen of 1280 by 800 in RGB holds 3 MB; a window list or a bus answer far less. */
const LARGEST_ANSWER = 64 * 1024 * 1024;

/** What a person's session may set and a private one must not inherit. */
const FOREIGN = [
  'DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY', 'DBUS_SESSION_BUS_ADDRESS', 'DBUS_STARTER_ADDRESS', 'SESSION_MANAGER',
  'XDG_SESSION_ID', 'XDG_SESSION_TYPE', 'XDG_CURRENT_DESKTOP', 'GDK_SCALE', 'GTK_THEME', 'GTK_MODULES', 'TZ',
  'CLAUDE_CONFIG_DIR', 'NODE_TEST_CONTEXT', 'NODE_OPTIONS',
];

const openDesktops = new Set();

/** Opens a desktop. With `panel: false` there is no tray host on it; with a scale, programs draw that much larger. */
export async function openDesktop({ width = 1280, height = 800, scale = 1, panel = true } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'token-monitor-'));
  const desktop = new Desktop(folder, { width, height }, scale);
  openDesktops.add(desktop);
  try {
    await desktop.begin(panel);
  } catch (error) {
    const said = desktop.journal();
    desktop.close();
    throw new Error(`the private desktop did not open\n${said}`, { cause: error });
  }
  return desktop;
}

class Desktop {
  #barePanels = {};

  constructor(folder, size, scale) {
    this.folder = folder;
    this.size = size;
    this.scale = scale;
    this.env = { ...environment(folder), ...(scale === 1 ? {} : { GDK_SCALE: String(scale) }) };
    for (const place of [this.home, this.env.XDG_CONFIG_HOME, this.env.XDG_RUNTIME_DIR]) {
      mkdirSync(place, { recursive: true, mode: 0o700 });
    }
  }

  get home() {
    return this.env.HOME;
  }

  /** A path inside the desktop's folder. */
  place(...names) {
    return path.join(this.folder, ...names);
  }

  async begin(panel) {
    await this.#startScreen();
    await this.#startBus();
    await this.#startWindowManager();
    if (panel) await this.#startPanel();
  }

  /** Starts a program on this desktop; its output goes to the journal. */
  start(program, args = [], env = {}) {
    return this.#spawn(program, args, env, ['ignore', this.#journalFile(), this.#journalFile()]);
  }

  /** Starts a program and notes when it, or a child of it, prints a line: `child.heard(line)` gives the times. */
  listen(program, args = [], env = {}) {
    const child = this.#spawn(program, args, env, ['ignore', 'pipe', this.#journalFile()]);
    const lines = [];
    createInterface({ input: child.stdout }).on('line', (text) => lines.push({ text, at: performance.now() }));
    child.heard = (text) => lines.filter((line) => line.text === text).map(({ at }) => at);
    child.stdout.unref();
    return child;
  }

  /** Runs a program to its end and returns what it printed. */
  async ask(program, args = [], env = {}) {
    const options = { env: { ...this.env, ...env }, maxBuffer: LARGEST_ANSWER, timeout: 30_000 };
    return (await run(program, args, options)).stdout;
  }

  /** Saves the screen, or the part `{ x, y, width, height }` of it, as a PNG file. */
  async screenshot(file, part) {
    mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
    await this.ask('import', ['-window', 'root', ...cropped(part), path.resolve(file)]);
  }

  /** The colours of a part of the screen, three bytes a pixel, row by row. */
  async pixels(part) {
    const args = ['-window', 'root', ...cropped(part), '-depth', '8', 'rgb:-'];
    const options = { env: this.env, maxBuffer: LARGEST_ANSWER, encoding: 'buffer' };
    return (await run('import', args, options)).stdout;
  }

  /** Moves the pointer and presses its left button, as a person would. */
  async click(x, y) {
    await this.ask('xdotool', ['mousemove', String(x), String(y), 'click', '1']);
  }

  async movePointer(x, y) {
    await this.ask('xdotool', ['mousemove', String(x), String(y)]);
  }

  /** Presses a key, by its X name, in the window that has the focus. */
  async key(name) {
    await this.ask('xdotool', ['key', name]);
  }

  /** The windows the window manager shows, as `{ id, pid, x, y, width, height, title }`. */
  async windows() {
    // A window that goes while it is being listed ends the listing.
    const { list } = await until('a list of windows', async () => ({ list: await this.ask('wmctrl', ['-lpG']) }));
    return list.split('\n').filter(Boolean).map(windowOf);
  }

  /** The id of the window that has the focus. */
  async focused() {
    return Number(await this.ask('xdotool', ['getwindowfocus']));
  }

  /** Opens another program's window, gives it the focus and returns its id. */
  async openForeignWindow() {
    const child = this.start('xev', ['-name', 'Another program', '-geometry', '300x200+60+500', '-event', 'owner_grab_button']);
    const isIt = ({ title }) => title === 'Another program';
    const { id } = await until('the other window', async () => (await this.windows()).find(isIt));
    return { id, child, focus: () => this.ask('wmctrl', ['-i', '-a', `0x${id.toString(16)}`]) };
  }

  /** Has the panel lie along another edge. */
  async movePanel(edge) {
    const { mode, position } = EDGES[edge];
    const set = (name, type, value) =>
      this.ask('xfconf-query', ['-c', 'xfce4-panel', '-p', `/panels/panel-1/${name}`, '-n', '-t', type, '-s', String(value)]);
    await set('mode', 'uint', mode);
    await set('position', 'string', position);
    await this.#untilPanelLies(edge);
  }

  /** Ends the panel, tray and all, and starts it anew. */
  async restartPanel() {
    this.panel.kill('SIGKILL');
    await until('the panel to be gone', async () => !(await isHostRegistered(this).catch(() => false)));
    await this.#showPanel();
  }

  /** Everything the programs of this desktop said. */
  journal() {
    try {
      return readFileSync(this.place('journal'), 'utf8');
    } catch {
      return '';
    }
  }

  /** Ends everything on this desktop and removes its folder. */
  close() {
    if (!openDesktops.delete(this)) return;
    killAll(this.folder);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** The server picks a free display number itself and writes it to its descriptor 3. */
  async #startScreen() {
    const screen = `${this.size.width}x${this.size.height}x24`;
    const args = ['-displayfd', '3', '-screen', '0', screen, '-dpi', '96', '-nolisten', 'tcp', '-noreset'];
    this.env.DISPLAY = `:${await this.#firstLine('Xvfb', args)}`;
  }

  async #startBus() {
    const address = `--address=unix:path=${this.env.XDG_RUNTIME_DIR}/bus`;
    const args = ['--session', '--nofork', '--nopidfile', address, '--print-address=3'];
    this.env.DBUS_SESSION_BUS_ADDRESS = await this.#firstLine('dbus-daemon', args);
  }

  async #startWindowManager() {
    this.start('openbox', ['--sm-disable']);
    const isManaged = async () => (await this.ask('wmctrl', ['-m'])).includes('Openbox');
    await until('the window manager', isManaged);
  }

  async #startPanel() {
    const settings = path.join(this.env.XDG_CONFIG_HOME, 'xfce4/xfconf/xfce-perchannel-xml');
    mkdirSync(settings, { recursive: true });
    writeFileSync(path.join(settings, 'xfce4-panel.xml'), PANEL_SETTINGS);
    await this.#showPanel();
    await this.movePointer(this.size.width / 2, this.size.height / 2);
    await this.#untilPanelLies('top');
  }

  /** The first time it lies there it must be bare, and is looked at. */
  async #untilPanelLies(edge) {
    const isPanel = (window) => liesAlong(edge, window, this.size, this.scale);
    const panel = await until(`the panel at the ${edge}`, async () => (await this.windows()).find(isPanel));
    this.#barePanels[edge] ??= await lookAtPanel(this, panel);
    this.barePanel = this.#barePanels[edge];
  }

  async #showPanel() {
    this.panel = this.start('xfce4-panel', ['--disable-wm-check', '--sm-client-disable']);
    await until('the panel to host tray items', () => isHostRegistered(this));
  }

  /** Starts a program that announces itself with one line on its descriptor 3. */
  async #firstLine(program, args) {
    const output = [this.#journalFile(), this.#journalFile()];
    const child = this.#spawn(program, args, {}, ['ignore', ...output, 'pipe']);
    let heard = '';
    child.stdio[3].on('data', (chunk) => (heard += chunk));
    child.stdio[3].unref();
    await until(`${program} to be ready`, () => heard.includes('\n') || failIfEnded(program, child));
    return heard.split('\n')[0].trim();
  }

  /** Linux ends the program together with this process, however that ends. */
  #spawn(program, args, env, stdio) {
    const all = ['--pdeathsig', 'KILL', program, ...args];
    const child = spawn('setpriv', all, { env: { ...this.env, ...env }, cwd: this.home, stdio });
    stdio.filter((entry) => typeof entry === 'number').forEach((file) => closeSync(file));
    child.unref();
    return child;
  }

  #journalFile() {
    return openSync(this.place('journal'), 'a');
  }
}

/** Ends the desktops that are still open; a test that failed or was interrupted leaves nothing behind. */
function closeAll() {
  for (const desktop of [...openDesktops]) desktop.close();
}

process.on('exit', closeAll);
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(name, () => process.exit(1));
}

/** What is still running on a desktop, for a message. */
export function whoRuns(desktop) {
  return processesOf(desktop.folder).map(({ pid, args }) => `${pid} ${args.join(' ')}`).join('\n');
}

function environment(folder) {
  const home = path.join(folder, 'home');
  const kept = Object.entries(process.env).filter(([name]) => !FOREIGN.includes(name) && !name.startsWith('TOKEN_MONITOR_'));
  return {
    ...Object.fromEntries(kept),
    [MARK]: folder,
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

function cropped(part) {
  return part ? ['-crop', `${part.width}x${part.height}+${part.x}+${part.y}`, '+repage'] : [];
}

function windowOf(line) {
  const [id, , pid, x, y, width, height, , ...title] = line.split(/\s+/);
  const [left, top, wide, high] = [x, y, width, height].map(Number);
  return { id: Number(id), pid: Number(pid), x: left, y: top, width: wide, height: high, title: title.join(' ') };
}

function failIfEnded(program, child) {
  if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`);
  return false;
}
