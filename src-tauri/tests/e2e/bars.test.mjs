// The status bars of docs/bars, run as they are: each test takes the snippet out of the page, saves it under the name that
// the page gives, and looks at what the bar shows. No app runs at first; the bar's command is then its own engine.
//
// Polybar and Waybar only draw. Beside the bar under test runs another one of the same program, the reference, which shows a
// text that the test has written. The figures are shown if both look the same.

import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { desktop, useDesktop } from './harness.mjs';
import { PROGRAM_FOLDER, createData, programPath } from './monitor.mjs';
import { isRunning, sendSignal } from './processes.mjs';
import { waitFor } from './wait.mjs';

const DOCS = fileURLToPath(new URL('../../../docs/bars', import.meta.url));

const MINUTE_MS = 60_000;

/** The time to the reset of the five hours, at the start of a test. */
const TIME_LEFT_MS = 120 * MINUTE_MS;

/** Claude's windows end at multiples of this. */
const RESET_GRID_MS = 10 * MINUTE_MS;

/** Two of tmux's intervals, and the time of a debug build to read the logs. */
const TMUX_TIMEOUT_MS = 60_000;

/** The time between two movements of a pointer that waits for a tooltip. */
const POINTER_REST_MS = 2_000;

/** Several such movements. */
const TOOLTIP_TIMEOUT_MS = 30_000;

/** The color of the class `warn` on the pages of Waybar and i3blocks. */
const WARN_COLOR = '#e5c07b';

/** The height of Waybar and Polybar in the tests, in pixels. */
const BAR_HEIGHT = 24;

/** Markup of Pango, tmux and Polybar, in the title of a session. */
const HOSTILE_TITLE = '<b>&amp;</i> & "#[fg=red]" %{F#f00}';

/** GTK prints this when a text is no valid markup. */
const MARKUP_WARNING = 'from markup due to error parsing markup';

describe('status bars', () => {
  useDesktop({ desktop: { panel: false } });

  test('i3blocks passes on text, short text and color', () => withFigures(async ({ data, env, session, figures, start }) => {
    saveSnippet('i3blocks', 'ini');
    const output = desktop.pathTo('i3blocks.out');
    start('sh', ['-c', `exec i3blocks > ${output}`], env);
    const waitForBlock = (expected) =>
      waitFor(`${JSON.stringify(expected())} in ${output}`, () => hasFields(readLastBlock(output), expected()));
    await waitForBlock(() => ({ full_text: figures('1M', 38), short_text: '1M', color: undefined }));
    session.answer(outputUsage(500_000));
    await waitForBlock(() => ({ full_text: figures('1.5M', 38), short_text: '1.5M', color: undefined }));
    reportQuota(data, 80);
    await waitForBlock(() => ({ full_text: figures('1.5M', 80), short_text: '1.5M', color: WARN_COLOR }));
  }));

  test('tmux shows the figures in its colors at each interval', () => withFigures(async ({ data, env, figures, start }) => {
    saveSnippet('tmux', 'tmux');
    // Programs such as Claude Code set a title, which the default status line shows in front of ours.
    const inPane = "printf '\\033]2;A title that is longer than its place\\007'; exec sleep 1000";
    const work = `env -u TMUX tmux -S ${desktop.pathTo('inner')} new-session "${inPane.replaceAll('\\', '\\\\')}"`;
    const outer = ['-S', desktop.pathTo('outer')];
    start('tmux', [...outer, '-f', '/dev/null', '-D'], env);
    const runOuter = async (...args) => ({ output: await desktop.run('tmux', [...outer, ...args], env) });
    await waitFor('tmux', () => runOuter('new-session', '-d', '-x', '120', '-y', '10', work));
    const waitForShare = (used, style) => waitFor(`${used}% in the status line`, async () => {
      const { output } = await runOuter('capture-pane', '-p', '-e');
      return output.includes(figures(undefined, used)) && style.test(output) && output;
    }, TMUX_TIMEOUT_MS);
    assert.match(await waitForShare(38, / 38% · /), /A title that is long/, 'the title is shown as well');
    const [yellow, red, boldRed] = [/\x1b\[33m80% · /, /\x1b\[31m93% · /, /\x1b\[1m\x1b\[31m100% · /];
    for (const [used, style] of [[80, yellow], [93, red], [100, boldRed]]) {
      reportQuota(data, used);
      await waitForShare(used, style);
    }
  }));

  test('Polybar draws the figures and opens the app', () => withFigures(async ({ env, session, figures, start }) => {
    const reference = new Reference('polybar.text');
    saveSnippet('polybar', 'ini', { complete: (snippet) => polybarConfig(snippet, reference) });
    for (const bar of ['tested', 'reference']) start('polybar', ['--log=trace', bar], env);
    const [tested, expected] = [await waitForWindow('tested'), await waitForWindow('reference')];
    const waitForText = (text) => waitFor(`“${text()}” in Polybar`, async () => {
      reference.write(text());
      return looksSame((await captureWindow(tested)).rows, (await captureWindow(expected)).rows);
    });
    await waitForText(() => figures('1M', 38));
    session.answer(outputUsage(500_000));
    await waitForText(() => figures('1.5M', 38));
    await keepScreenshot('polybar');
    await desktop.run('xdotool', ['mousemove', '--window', tested, '20', '10', 'click', '1']);
    await waitForWindow('Token Monitor');
    session.answer(outputUsage(700_000));
    await waitForText(() => figures('2.2M', 38));
  }));

  test('Waybar draws the figures in colors', () => withFigures(async ({ data, env, session, figures, start }) => {
    const { screen, reference } = await startWaybar(start, env);
    const waitForText = (text, level) => waitFor(`“${text()}” in Waybar`, async () => {
      reference.write(JSON.stringify({ text: text(), class: [level] }));
      const image = await captureWindow(screen);
      return looksSame(topRows(image), bottomRows(image)) && hasColor(image, WARN_COLOR) === (level === 'warn');
    });
    await waitForText(() => figures('1M', 38), 'calm');
    session.answer(outputUsage(500_000));
    await waitForText(() => figures('1.5M', 38), 'calm');
    reportQuota(data, 80);
    await waitForText(() => figures('1.5M', 80), 'warn');
    await keepScreenshot('waybar');
  }));

  test('Waybar shows a title with markup as text', () => withFigures(async ({ data, env, figures, start }) => {
    const session = data.claude.session({ title: HOSTILE_TITLE });
    session.answer(outputUsage(1_000_000));
    writeWaitingAgent(data, session, start('sleep', ['1000'], env).pid);
    const { screen, reference, countWarnings } = await startWaybar(start, env);
    const text = () => `${figures('2M', 38)} · 1 waiting`;
    await waitFor(`“${text()}” in Waybar`, async () => {
      reference.write(JSON.stringify({ text: text(), class: ['calm', 'waiting'], tooltip: HOSTILE_TITLE }));
      const image = await captureWindow(screen);
      return looksSame(topRows(image), bottomRows(image));
    });
    const { tooltip } = JSON.parse(await desktop.run(programPath('token-monitor'), ['bar', '--format', 'json'], env));
    assert.ok(tooltip.some((line) => line.startsWith(`Waiting: ${HOSTILE_TITLE.slice(0, 20)}`)), tooltip.join('\n'));
    const isTooltipShown = async () => !isUniform(middleRows(await captureWindow(screen)));
    await hoverUntil('the tooltip', screen, BAR_HEIGHT / 2, isTooltipShown);
    await keepScreenshot('waybar-tooltip');
    assert.equal(countWarnings(), 0, 'the tooltip is valid markup');
    const { height } = await captureWindow(screen);
    await hoverUntil('a warning about the unescaped title', screen, height - BAR_HEIGHT / 2, () => countWarnings() > 0);
  }));
});

/**
 * Runs a test on a session with a million tokens of today, 38% of the five hours used. `figures(tokens, used)` is the
 * text that the bars show then; without tokens it begins with the share. The programs that the test has started end with it.
 */
async function withFigures(body) {
  const data = createData(desktop);
  const session = data.claude.session({ title: HOSTILE_TITLE });
  session.answer(outputUsage(1_000_000));
  data.resetsAt = Math.ceil((Date.now() + TIME_LEFT_MS) / RESET_GRID_MS) * RESET_GRID_MS;
  reportQuota(data, 38);
  const env = { ...data.env, PATH: `${PROGRAM_FOLDER}${path.delimiter}${process.env.PATH}` };
  const figures = (total, used) => [total, `${used}%`, formatTimeUntil(data.resetsAt)].filter(Boolean).join(' · ');
  const children = [];
  const start = (...args) => {
    const child = desktop.start(...args);
    children.push(child);
    return child;
  };
  try {
    await body({ data, env, session, figures, start });
  } finally {
    for (const { pid } of children.reverse()) sendSignal(pid, 'SIGKILL');
    await waitFor('the bars to end', () => children.every(({ pid }) => !isRunning(pid)));
  }
}

/** Passes the official usage to the program, as Claude Code does. */
function reportQuota(data, usedPercent) {
  const limits = { five_hour: { used_percentage: usedPercent, resets_at: data.resetsAt / 1000 } };
  const input = JSON.stringify({ session_id: 's1', version: '2.1.230', rate_limits: limits });
  execFileSync(programPath('token-monitor'), ['statusline'], { input, env: { ...desktop.env, ...data.env } });
}

/** Returns a usage of output tokens only. */
function outputUsage(output) {
  return { input: 0, output, cacheWrite: 0, cacheRead: 0 };
}

/** Returns the time to an instant of a whole minute, such as `2h 5m`. */
function formatTimeUntil(instant) {
  const minutes = Math.floor((instant - Date.now()) / MINUTE_MS);
  const parts = [[Math.floor(minutes / 60), 'h'], [minutes % 60, 'm']];
  return parts.filter(([count]) => count > 0).map((part) => part.join('')).join(' ');
}

/** Writes the registry file of a session that waits, and whose process is `pid`. */
function writeWaitingAgent({ claude }, { id, project }, pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The start is field 19 behind the name in parentheses.
  const procStart = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  const session = { sessionId: id, cwd: project, version: '2.1.332', kind: 'interactive', entrypoint: 'cli' };
  const state = { status: 'waiting', waitingFor: 'permission prompt', startedAt: Date.now(), statusUpdatedAt: Date.now() };
  const folder = path.join(claude.folder, 'sessions');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${pid}.json`), JSON.stringify({ pid, procStart, ...session, ...state }));
}

/**
 * Saves the snippet in `language` of a page of docs/bars in the file that the page names, or in `fileName` beside it, with
 * what `complete` adds to it.
 */
function saveSnippet(page, language, { complete = (snippet) => snippet, fileName } = {}) {
  const text = readFileSync(path.join(DOCS, `${page}.md`), 'utf8');
  const [, snippet] = new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'ms').exec(text);
  const [, named] = /`~\/([^`]+)`/.exec(text);
  const file = path.join(desktop.home, fileName ? path.join(path.dirname(named), fileName) : named);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, complete(snippet));
}

/** Returns the module's block from the last line of i3blocks. Each line has all blocks. */
function readLastBlock(output) {
  const lines = readFileSync(output, 'utf8').split('\n').filter((line) => line.startsWith(',['));
  return JSON.parse(lines.at(-1).slice(1)).find(({ name }) => name === 'token-monitor');
}

function hasFields(block, expected) {
  return Object.entries(expected).every(([name, value]) => block[name] === value);
}

function polybarConfig(snippet, reference) {
  return `[bar/tested]
wm-name = tested
width = 100%
height = ${BAR_HEIGHT}
font-0 = DejaVu Sans:size=10
modules-left = token-monitor

[bar/reference]
inherit = bar/tested
wm-name = reference
bottom = true
modules-left = reference

[module/reference]
type = custom/script
exec = tail -n 1 -f ${reference.file}
tail = true

${snippet}`;
}

/**
 * Starts Waybar in a nested compositor, with the module of the page at the top and the reference at the bottom. Returns
 * the compositor's window, the reference, and `countWarnings`, which returns how often this Waybar has warned of invalid
 * markup.
 */
async function startWaybar(start, env) {
  const reference = new Reference('waybar.json');
  saveSnippet('waybar', 'jsonc', { complete: (snippet) => waybarConfig(snippet, reference) });
  saveSnippet('waybar', 'css', { fileName: 'style.css' });
  const display = await startCompositor(start, env);
  const screen = await waitForWindow('wlroots');
  const output = desktop.pathTo('waybar.out');
  writeFileSync(output, '');
  const waybarEnv = { ...env, WAYLAND_DISPLAY: display, GDK_BACKEND: 'wayland' };
  start('sh', ['-c', `exec waybar --log-level trace > ${output} 2>&1`], waybarEnv);
  return { screen, reference, countWarnings: () => readFileSync(output, 'utf8').split(MARKUP_WARNING).length - 1 };
}

function waybarConfig(snippet, reference) {
  const modules = '"modules-left": ["custom/token-monitor"]';
  const bar = (position, module) => `{ "position": "${position}", "height": ${BAR_HEIGHT}, ${modules}, ${module} }`;
  const shown = `"custom/token-monitor": { "exec": "tail -n 1 -f ${reference.file}", "return-type": "json" }`;
  return `[${bar('top', snippet)}, ${bar('bottom', shown)}]`;
}

/** Starts sway as a window of the desktop, and returns the name of its Wayland display. */
async function startCompositor(start, env) {
  const config = desktop.pathTo('sway.conf');
  writeFileSync(config, 'xwayland disable\noutput X11-1 resolution 900x300\n');
  const runtime = desktop.env.XDG_RUNTIME_DIR;
  const findDisplay = () => readdirSync(runtime).find((name) => /^wayland-\d+$/.test(name));
  // The socket of a killed compositor stays.
  if (findDisplay()) rmSync(path.join(runtime, findDisplay()));
  const command = ['sway', '--config', config];
  // sway refuses to run as root. In a user namespace it has another user's id.
  const wrapper = process.getuid() === 0 ? ['unshare', '--user', '--map-user=1000', '--map-group=1000'] : [];
  const [program, ...args] = [...wrapper, ...command];
  start(program, args, { ...env, WLR_BACKENDS: 'x11', WLR_RENDERER: 'pixman' });
  return waitFor('a Wayland display', findDisplay);
}

/** A file whose last line the reference bar shows. */
class Reference {
  #last;

  constructor(name) {
    this.file = desktop.pathTo(name);
    writeFileSync(this.file, '');
  }

  write(line) {
    if (line !== this.#last) appendFileSync(this.file, `${line}\n`);
    this.#last = line;
  }
}

/** Waits for a window by the beginning of its title, and returns its id as X programs take it. */
async function waitForWindow(title) {
  const find = async () => (await desktop.windows()).find((window) => window.title.startsWith(title));
  const { id } = await waitFor(`the window “${title}”`, find);
  return `0x${id.toString(16)}`;
}

/**
 * Moves the pointer over the module at a height of Waybar's screen until a condition holds. A tooltip appears a while after
 * the last movement, so the pointer rests between two of them.
 */
async function hoverUntil(description, screen, y, condition) {
  let [x, movedAt] = [20, 0];
  const moveOrDone = async () => {
    if (await condition()) return true;
    if (Date.now() - movedAt < POINTER_REST_MS) return false;
    x = x === 20 ? 21 : 20;
    await desktop.run('xdotool', ['mousemove', '--window', screen, String(x), String(y)]);
    movedAt = Date.now();
    return false;
  };
  await waitFor(description, moveOrDone, TOOLTIP_TIMEOUT_MS);
}

/** Returns a window's picture: width and height, and three bytes per pixel, row by row. */
async function captureWindow(window) {
  const options = { env: desktop.env, encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)('import', ['-window', window, '-depth', '8', 'ppm:-'], options);
  const [header, width, height] = /^P6\s(\d+)\s(\d+)\s255\s/.exec(stdout.subarray(0, 40).toString('latin1'));
  return { width: Number(width), height: Number(height), rows: stdout.subarray(header.length) };
}

function topRows({ width, rows }) {
  return rows.subarray(0, BAR_HEIGHT * width * 3);
}

function bottomRows({ width, rows }) {
  return rows.subarray(-BAR_HEIGHT * width * 3);
}

function middleRows({ width, rows }) {
  return rows.subarray(BAR_HEIGHT * width * 3, -BAR_HEIGHT * width * 3);
}

/** Returns true if two pictures are equal and show something. */
function looksSame(one, other) {
  return one.equals(other) && !isUniform(one);
}

/** Returns true if all pixels have the color of the first. */
function isUniform(rows) {
  return rows.every((value, at) => value === rows[at % 3]);
}

function hasColor({ rows }, color) {
  const wanted = Buffer.from(color.slice(1), 'hex');
  for (let at = rows.indexOf(wanted); at >= 0; at = rows.indexOf(wanted, at + 1)) {
    if (at % 3 === 0) return true;
  }
  return false;
}

/** Saves the screen in the folder of `TOKEN_MONITOR_TEST_SCREENSHOTS`, if it is set. */
async function keepScreenshot(name) {
  const folder = process.env.TOKEN_MONITOR_TEST_SCREENSHOTS;
  if (folder) await desktop.screenshot(path.join(folder, `bars-${name}.png`));
}
