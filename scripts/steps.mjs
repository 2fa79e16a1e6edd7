// Running the steps of a script: each has a name, prints as it goes, and ends the script when it fails. A step is a
// command or a function; nothing runs in the background and nothing is retried.

import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Makes the app's programs show the built UI instead of looking for a development server. */
export const APP_FEATURES = ['--features', 'tauri/custom-protocol'];

/** Why a step failed, in words for the person at the terminal. */
export class Failed extends Error {}

/** Runs a command in the project's folder, showing what it prints. */
export function run(program, ...args) {
  const { status, signal, error } = spawnSync(program, args, { cwd: ROOT, stdio: 'inherit' });
  if (error) throw new Failed(`${program} could not be started: ${error.message}`);
  if (status !== 0) throw new Failed(`${[program, ...args].join(' ')} ended with ${signal ?? status}`);
}

/** Runs a command in the project's folder and returns what it prints. */
export function read(program, ...args) {
  const options = { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 };
  const { status, stdout, stderr, error } = spawnSync(program, args, options);
  if (error) throw new Failed(`${program} could not be started: ${error.message}`);
  if (status !== 0) throw new Failed(`${[program, ...args].join(' ')} ended with ${status}\n${stderr}`);
  return stdout;
}

/** Installs what is missing; `for` is `build` or `test`. Windows has no bash to ask and needs npm's packages only. */
export function setUp(purpose) {
  if (process.platform === 'win32') return run('cmd', '/c', 'npm', 'install', '--no-audit', '--no-fund');
  return run('bash', path.join('scripts', 'setup.sh'), purpose);
}

/** Runs one of the npm scripts of this project. */
export function npm(script, ...args) {
  const command = process.platform === 'win32' ? ['cmd', '/c', 'npm'] : ['npm'];
  run(...command, 'run', '--silent', script, ...(args.length > 0 ? ['--', ...args] : []));
}

/** Does `work` under a heading, and says how long it took once it is over. The last step leaves the last word. */
export function step(name, work, { last = false } = {}) {
  const begun = performance.now();
  console.log(`\n▸ ${name}`);
  work();
  if (!last) console.log(`✔ ${name}, ${seconds(performance.now() - begun)}`);
}

/** Runs a script's main part; a failed step ends it with one sentence instead of a stack. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    console.error(`\n✖ ${error.message}`);
    process.exit(1);
  }
}

function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
