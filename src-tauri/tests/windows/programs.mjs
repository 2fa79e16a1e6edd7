// The programs built for Windows, run by Wine on synthetic logs with a store of their own. They are used from outside only:
// started, read and killed.

import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import { ROOT } from '../../../scripts/lib/run.mjs';
import { WINDOWS_TARGET, toWindowsPath, winePath, wineEnvironment } from '../../../scripts/lib/wine.mjs';
import { ClaudeFolder } from '../e2e/fixture-logs.mjs';

const execFileAsync = promisify(execFile);

const PROGRAM_FOLDER = path.join(ROOT, 'target', WINDOWS_TARGET, 'debug');

/** Longer than any start of Wine on a machine under load. */
const COMMAND_TIMEOUT_MS = 60_000;

/** Returns the path of a program under test. */
export function windowsProgram(name) {
  return path.join(PROGRAM_FOLDER, `${name}.exe`);
}

/** Creates an empty Claude folder in a temporary folder, and the environment with a new store and settings file. */
export function createWindowsData() {
  const folder = mkdtempSync(path.join(tmpdir(), 'token-monitor-windows-'));
  const claude = new ClaudeFolder(path.join(folder, 'claude'));
  const env = {
    CLAUDE_CONFIG_DIR: toWindowsPath(claude.folder),
    TOKEN_MONITOR_DB: toWindowsPath(path.join(folder, 'store', 'sessions.db')),
    TOKEN_MONITOR_CONFIG: toWindowsPath(path.join(folder, 'config.yaml')),
    TOKEN_MONITOR_LOG_LEVEL: 'warn',
  };
  return { folder, claude, env, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Runs the command to its end. Throws with what it printed if it fails. */
export async function runCommand(data, ...args) {
  const options = { env: { ...wineEnvironment(), ...data.env }, timeout: COMMAND_TIMEOUT_MS };
  return await execFileAsync(winePath(), [windowsProgram('token-monitor'), ...args], options);
}

/** Runs the command with `--json` and returns what it printed. */
export async function readJson(data, ...args) {
  return JSON.parse((await runCommand(data, ...args, '--json')).stdout);
}

/** Starts the command. `lines` has what it has printed so far. */
export function startCommand(data, ...args) {
  const env = { ...wineEnvironment(), ...data.env };
  const child = spawn(winePath(), [windowsProgram('token-monitor'), ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const ended = new Promise((resolve) => child.once('close', resolve));
  return { lines, kill: () => (child.kill('SIGKILL'), ended) };
}
