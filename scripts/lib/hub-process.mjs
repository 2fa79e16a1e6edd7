// The program of a team's hub as a process.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { Failure } from './run.mjs';

/** The address at which the hub serves, in its log. */
const ADDRESS = /Serving\. address=(\S+)/;

/** Starts a hub on a database and returns its process and its URL. Without an address, it serves at any free port. */
export async function startHub(program, database, listen = '127.0.0.1:0') {
  const env = { ...process.env, TOKEN_MONITOR_HUB_DATABASE: database };
  const child = spawn(program, ['--listen', listen], { env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  const lines = [];
  for await (const line of createInterface({ input: child.stderr })) {
    lines.push(line);
    const address = ADDRESS.exec(line)?.[1];
    if (!address) continue;
    child.stderr.resume();
    return { child, url: `http://${address}`, stop: () => stopHub(child, ended) };
  }
  throw new Failure(`the hub did not start:\n${lines.join('\n')}`);
}

async function stopHub(child, ended) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await ended;
}

/** Runs a command of the hub and returns its output. */
export function runHub(program, database, ...args) {
  const env = { ...process.env, TOKEN_MONITOR_HUB_DATABASE: database, TOKEN_MONITOR_LOG_LEVEL: 'error' };
  const { status, stdout, stderr, error } = spawnSync(program, args, { env, encoding: 'utf8' });
  if (status !== 0) throw new Failure(`token-monitor-hub ${args.join(' ')} failed: ${error?.message ?? stderr}`);
  return stdout.trimEnd();
}
