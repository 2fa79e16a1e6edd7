// Helpers for scripts: run commands in the project's folder, as named steps that print their duration. A failed step ends
// the script. Steps run one after the other and are never retried.

import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Makes the app serve the built UI instead of connecting to a development server. */
export const APP_FEATURES = ['--features', 'tauri/custom-protocol'];

/** In bytes. `cargo metadata` prints 5 MB. */
const MAX_OUTPUT = 64 * 1024 * 1024;

/** An expected failure, with a message for the person at the terminal. `main` prints it without a stack trace. */
export class Failure extends Error {}

/** Runs a command in the project's folder and shows its output. Throws a `Failure` if it fails. */
export function run(program, ...args) {
  const { status, signal, error } = spawnSync(program, args, { cwd: ROOT, stdio: 'inherit' });
  if (error) throw new Failure(`could not start ${program}: ${error.message}`);
  if (status !== 0) throw new Failure(`${[program, ...args].join(' ')} failed with ${signal ?? `exit code ${status}`}`);
}

/** Runs a command in the project's folder and returns its output. Throws a `Failure` if it fails. */
export function read(program, ...args) {
  const options = { cwd: ROOT, encoding: 'utf8', maxBuffer: MAX_OUTPUT };
  const { status, signal, stdout, stderr, error } = spawnSync(program, args, options);
  if (error) throw new Failure(`could not start ${program}: ${error.message}`);
  if (status !== 0) throw new Failure(`${[program, ...args].join(' ')} failed with ${signal ?? `exit code ${status}`}\n${stderr}`);
  return stdout;
}

/** Installs missing packages. `purpose` is `build` or `test`. On Windows, which has no bash, only npm's packages. */
export function setUp(purpose) {
  if (process.platform === 'win32') return run('cmd', '/c', 'npm', 'install', '--no-audit', '--no-fund');
  return run('bash', path.join('scripts', 'setup.sh'), purpose);
}

/** Runs an npm script of this project. */
export function npm(script, ...args) {
  const command = process.platform === 'win32' ? ['cmd', '/c', 'npm'] : ['npm'];
  run(...command, 'run', '--silent', script, ...(args.length > 0 ? ['--', ...args] : []));
}

/** Runs `work` under a heading and prints its duration. After the last step, its own output is the last line. */
export function step(name, work, { last = false } = {}) {
  const startedAt = performance.now();
  console.log(`\n▸ ${name}`);
  work();
  if (!last) console.log(`✔ ${name}, ${formatSeconds(performance.now() - startedAt)}`);
}

/** Runs a script's main function. A `Failure` ends the script with its message and exit code 1. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(`\n✖ ${error.message}`);
    process.exit(1);
  }
}

function formatSeconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
