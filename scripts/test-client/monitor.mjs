// Runs token-monitor on the logs of the made-up home: `watch --json` during all scenarios, and the other commands as a
// person would beside it.

import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

const OUTPUT_LIMIT = 64 * 1024 * 1024;
const FIELDS = { input: 'inputTokens', output: 'outputTokens', cacheWrite: 'cacheCreationTokens', cacheRead: 'cacheReadTokens' };

export class Monitor {
  #program;
  #env;
  #watch;
  /** The snapshots of `watch --json`, each with its line. */
  snapshots = [];

  constructor(program, folder, home, name) {
    const state = path.join(folder, name);
    this.#program = program;
    this.#env = { HOME: home, PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', TZ: 'UTC' };
    for (const kind of ['CONFIG_HOME', 'DATA_HOME', 'STATE_HOME', 'CACHE_HOME', 'RUNTIME_DIR']) {
      this.#env[`XDG_${kind}`] = path.join(state, kind.toLowerCase());
      mkdirSync(this.#env[`XDG_${kind}`], { recursive: true, mode: 0o700 });
    }
  }

  /** Runs a command and returns its JSON. */
  read(...args) {
    return JSON.parse(this.run(...args, '--json'));
  }

  /** Runs a command and returns its output. */
  run(...args) {
    return execFileSync(this.#program, args, { env: this.#env, encoding: 'utf8', maxBuffer: OUTPUT_LIMIT });
  }

  startWatch() {
    this.#watch = spawn(this.#program, ['watch', '--json'], { env: this.#env, stdio: ['ignore', 'pipe', 'inherit'] });
    createInterface({ input: this.#watch.stdout }).on('line', (line) => this.snapshots.push({ line, ...JSON.parse(line) }));
  }

  stopWatch() {
    this.#watch?.kill('SIGTERM');
  }

  /** The sums of each session and each model. */
  counts() {
    const { sessions, totals } = this.read('sessions');
    const { models } = this.read('models');
    return {
      sessions: new Map(sessions.map((row) => [row.sessionId, readRow(row)])),
      models: new Map(models.map((row) => [row.model, readRow(row)])),
      totals: readRow(totals),
    };
  }
}

function readRow(row) {
  const kinds = Object.fromEntries(Object.entries(FIELDS).map(([kind, field]) => [kind, Number(row[field])]));
  return {
    ...kinds,
    messages: Number(row.messageCount),
    underLogged: Number(row.underLoggedMessages),
    notInLogs: row.notInLogs ?? null,
    name: row.sessionName ?? null,
  };
}
