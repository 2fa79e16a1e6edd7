// A throw-away PostgreSQL server: in a temporary folder, behind a Unix socket, and gone when it is stopped. The programs are those
// of the system; TOKEN_MONITOR_POSTGRES_BIN names another folder with them. PostgreSQL refuses to run as root, so root starts it as
// the user nobody.

import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Failure } from './run.mjs';

/** The folder with a folder for each version that is installed. */
const VERSIONS = '/usr/lib/postgresql';

/** The ids of the user and the group `nobody` of Debian. */
const NOBODY = 65_534;

const START_TIMEOUT_MS = 60_000;
const POLL_INTERVAL_MS = 50;

/** Returns the folder with the programs of the newest installed version, or undefined. */
export function findPostgres() {
  if (process.env.TOKEN_MONITOR_POSTGRES_BIN) return process.env.TOKEN_MONITOR_POSTGRES_BIN;
  if (!existsSync(VERSIONS)) return undefined;
  const versions = readdirSync(VERSIONS).sort((one, other) => Number(other) - Number(one));
  return versions.map((version) => path.join(VERSIONS, version, 'bin')).find((folder) => existsSync(path.join(folder, 'initdb')));
}

/** Starts a server with the settings, such as `{ shared_buffers: '1GB' }`. */
export async function startPostgres(settings = {}) {
  const programs = findPostgres();
  if (!programs) throw new Failure('PostgreSQL is not installed; on Debian and Ubuntu: sudo apt-get install postgresql');
  const folder = mkdtempSync(path.join(os.tmpdir(), 'token-monitor-postgres-'));
  const user = process.getuid() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if (user.uid) chownSync(folder, NOBODY, NOBODY);
  const server = new PostgresServer(programs, folder, user);
  try {
    await server.start(settings);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

class PostgresServer {
  constructor(programs, folder, user) {
    Object.assign(this, { programs, folder, user });
  }

  /** The address of the database, for the hub. */
  get url() {
    return `postgres://postgres@${encodeURIComponent(this.folder)}/postgres`;
  }

  get pid() {
    return this.child.pid;
  }

  async start(settings) {
    const data = path.join(this.folder, 'data');
    const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
    const made = spawnSync(path.join(this.programs, 'initdb'), initdb, { ...this.user, cwd: this.folder, encoding: 'utf8' });
    if (made.status !== 0) throw new Failure(`initdb failed: ${made.error?.message ?? made.stderr}`);
    const all = { listen_addresses: '', unix_socket_directories: this.folder, max_connections: 100, ...settings };
    const args = ['-D', data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
    // In a process group of its own, so that Ctrl-C does not stop it before the hub.
    this.child = spawn(path.join(this.programs, 'postgres'), args, { ...this.user, cwd: this.folder, detached: true, stdio: 'ignore' });
    this.ended = new Promise((resolve) => this.child.once('exit', resolve));
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (this.psql('SELECT 1').status !== 0) {
      if (Date.now() > deadline || this.child.exitCode !== null) throw new Failure('PostgreSQL did not start');
      await sleep(POLL_INTERVAL_MS);
    }
  }

  psql(sql) {
    const args = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-U', 'postgres', '-h', this.folder, '-d', 'postgres', '-c', sql];
    return spawnSync(path.join(this.programs, 'psql'), args, { encoding: 'utf8' });
  }

  /** Runs statements and returns their output without decoration. */
  query(sql) {
    const { status, stdout, stderr } = this.psql(sql);
    if (status !== 0) throw new Failure(`${sql}: ${stderr}`);
    return stdout.trimEnd();
  }

  /** Stops the server and deletes its folder. */
  async stop() {
    if (this.child && this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGINT');
      await this.ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
