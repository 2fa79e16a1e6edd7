// Runs Claude Code in a made-up home: in print mode, and interactively in a terminal of tmux.

import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { Failure } from '../lib/run.mjs';
import { waitFor } from './wait.mjs';

const KEY = 'sk-ant-made-up-0000';
const PRINT_TIMEOUT = 120_000;
const SCREEN_TIMEOUT = 60_000;
const TOOLS = ['Bash', 'Read', 'Agent'];

export class ClaudeCode {
  #program;
  #folder;
  #env;

  constructor(program, folder, apiUrl) {
    this.#program = program;
    this.#folder = folder;
    this.home = path.join(folder, 'home');
    this.project = path.join(this.home, 'web-app');
    this.logs = path.join(this.home, '.claude/projects');
    mkdirSync(this.project, { recursive: true });
    mkdirSync(this.logs, { recursive: true });
    writeFileSync(path.join(this.project, 'README.md'), '# Made up\n');
    writeFileSync(path.join(this.home, '.claude.json'), JSON.stringify(this.#state()));
    writeFileSync(path.join(this.home, '.claude/settings.json'), JSON.stringify({ permissions: { allow: TOOLS } }));
    this.#env = {
      HOME: this.home,
      USER: 'ada',
      LOGNAME: 'ada',
      PATH: '/usr/local/bin:/usr/bin:/bin',
      SHELL: '/bin/bash',
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      TMPDIR: makeFolder(folder, 'tmp'),
      CLAUDE_CODE_TMPDIR: makeFolder(folder, 'tmp'),
      ANTHROPIC_BASE_URL: apiUrl,
      ANTHROPIC_API_KEY: KEY,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_TELEMETRY: '1',
      DISABLE_AUTOUPDATER: '1',
      DISABLE_ERROR_REPORTING: '1',
    };
  }

  /** The state of a client that has been used before and trusts the project. */
  #state() {
    return {
      hasCompletedOnboarding: true,
      theme: 'dark',
      customApiKeyResponses: { approved: [KEY.slice(-20)], rejected: [] },
      projects: { [this.project]: { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true } },
    };
  }

  /** The client's version, as it prints it. */
  version() {
    return execFileSync(this.#program, ['--version'], { env: this.#env, encoding: 'utf8' }).trim();
  }

  /** Runs one prompt in print mode until the client has ended. Throws if it fails. */
  async print(prompt, ...options) {
    const run = this.startPrint(prompt, ...options);
    const timer = setTimeout(() => run.kill(), PRINT_TIMEOUT);
    const status = await run.ended;
    clearTimeout(timer);
    if (status === null) throw new Failure(`claude -p "${prompt}" did not end within ${PRINT_TIMEOUT / 1000} s.\n${run.output()}`);
    if (status !== 0) throw new Failure(`claude -p "${prompt}" failed with exit code ${status}.\n${run.output()}`);
  }

  /** Starts one prompt in print mode. `kill` sends SIGKILL to the client. */
  startPrint(prompt, ...options) {
    const child = spawn(this.#program, ['-p', prompt, ...options], {
      cwd: this.project,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
    const ended = new Promise((resolve) => child.on('close', (status) => resolve(status)));
    return { ended, output: () => output, kill: () => process.kill(-child.pid, 'SIGKILL') };
  }

  /** Starts a session in the background. */
  startBackground(prompt) {
    this.#run('--bg', prompt);
  }

  /** Stops all background sessions. */
  stopBackground() {
    const agents = JSON.parse(this.#run('agents', '--json'));
    for (const { id } of agents.filter(({ kind }) => kind === 'background')) this.#run('stop', id);
  }

  #run(...args) {
    const options = { cwd: this.project, env: this.#env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] };
    return execFileSync(this.#program, args, options);
  }

  /** Starts the interactive screen in tmux. */
  async openScreen(...options) {
    const screen = new Screen(path.join(this.#folder, 'tmux.sock'), this.#env, this.project);
    await screen.open([this.#program, ...options]);
    return screen;
  }

  /** The log files, with their text. */
  readLogs() {
    return readdirSync(this.logs, { recursive: true })
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => ({ name, text: readFileSync(path.join(this.logs, name), 'utf8') }));
  }

  /** The ids of all messages in the logs. */
  loggedMessages() {
    const ids = new Set();
    for (const { text } of this.readLogs()) for (const [, id] of text.matchAll(/"id":"(msg_[A-Za-z0-9]+)"/g)) ids.add(id);
    return ids;
  }
}

class Screen {
  #socket;
  #env;
  #cwd;

  constructor(socket, env, cwd) {
    this.#socket = socket;
    this.#env = env;
    this.#cwd = cwd;
  }

  async open(command) {
    this.#tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'claude', '-x', '120', '-y', '40', '-c', this.#cwd, ...command);
    await this.waitForText(/^\s*[❯>]/m);
  }

  /** Types a prompt or command and submits it. */
  async submit(text) {
    this.#tmux('send-keys', '-t', 'claude', '-l', text);
    await this.waitForText(text.slice(0, 40));
    await pause(300);
    this.press('Enter');
  }

  press(key) {
    this.#tmux('send-keys', '-t', 'claude', key);
  }

  /** The text on the screen. */
  text() {
    return this.#tmux('capture-pane', '-p', '-t', 'claude');
  }

  async waitForText(pattern) {
    const matches = typeof pattern === 'string' ? (text) => text.includes(pattern) : (text) => pattern.test(text);
    const found = await waitFor(() => matches(this.text()), SCREEN_TIMEOUT, 100);
    if (!found) throw new Failure(`The screen never showed ${pattern}:\n${this.text()}`);
  }

  /** Leaves the client and waits until it has ended. */
  async close() {
    await this.submit('/exit');
    const ended = await waitFor(() => !this.#isRunning(), SCREEN_TIMEOUT, 100);
    if (!ended) throw new Failure(`The client did not end:\n${this.text()}`);
  }

  #isRunning() {
    try {
      this.#tmux('has-session', '-t', 'claude');
      return true;
    } catch {
      return false;
    }
  }

  #tmux(...args) {
    const options = { env: this.#env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] };
    return execFileSync('tmux', ['-S', this.#socket, ...args], options);
  }
}

function makeFolder(parent, name) {
  const folder = path.join(parent, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
