// Runs the real Claude Code against a fake Messages API and compares the calls that were billed with those that
// token-monitor counts. Linux only; needs the npm registry for the client, and the right to make a network namespace.
// It is not part of `npm test`; run it before each release.
//
//   npm run test:client                     the default version of the client, the debug build of token-monitor
//   npm run test:client -- 2.1.332          another version of the client
//   npm run test:client -- --program FILE   another token-monitor
//   npm run test:client -- --keep           does not delete the folder
//
// The client is installed in a folder below the system's temporary folder, never in this project. The client, the fake
// API and token-monitor run in a namespace with a made-up home, a made-up key, a `/tmp` of its own, and no network but its
// own loopback device. All processes end with that namespace, and the folder is removed at exit.

import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { Failure, ROOT, main } from './lib/run.mjs';

const DEFAULT_VERSION = '2.1.332';
const PACKAGE = '@anthropic-ai/claude-code';
const USAGE = 'usage: npm run test:client [-- VERSION] [--program FILE] [--keep]';

/** Options of `unshare`. Without root rights, the user becomes root of the namespace alone. */
const NAMESPACE = [
  '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc',
  ...(process.getuid?.() === 0 ? [] : ['--map-root-user']),
];

await main(async () => {
  const { version, program, keep } = parseArguments();
  checkMachine();
  const monitor = program ?? buildMonitor();
  const folder = mkdtempSync(path.join(tmpdir(), 'token-monitor-client-'));
  if (keep) console.log(`The logs stay in ${folder}`);
  else process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));
  const client = installClient(version, folder);
  const copy = path.join(folder, 'token-monitor');
  copyFileSync(monitor, copy);
  process.exitCode = await runInNamespace([folder, client, copy]);
});

function parseArguments() {
  try {
    const options = { program: { type: 'string' }, keep: { type: 'boolean', default: false } };
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    if (positionals.length > 1) throw new Error();
    const program = values.program && path.resolve(values.program);
    return { version: positionals[0] ?? DEFAULT_VERSION, program, keep: values.keep };
  } catch {
    throw new Failure(USAGE);
  }
}

/** Throws a `Failure` that names the missing part if this machine cannot run the test. */
function checkMachine() {
  if (process.platform !== 'linux') throw new Failure('Cannot run: network namespaces exist only on Linux.');
  const missing = ['unshare', 'ip', 'tmux', 'npm'].filter((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0);
  if (missing.length > 0) throw new Failure(`Cannot run: missing ${missing.join(', ')} (Debian: util-linux, iproute2, tmux, npm).`);
  const attempt = [...NAMESPACE, 'sh', '-c', 'ip link set lo up && mount -t tmpfs tmpfs /tmp'];
  const { status, stderr } = spawnSync('unshare', attempt, { encoding: 'utf8' });
  if (status !== 0) throw new Failure(`Cannot run: this machine allows no network namespace (${stderr.trim() || 'unshare failed'}).`);
}

function buildMonitor() {
  console.log('Building token-monitor');
  const { status } = spawnSync('cargo', ['build', '--quiet', '-p', 'token-monitor-cli'], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) throw new Failure('Cannot run: the build of token-monitor failed.');
  return path.join(process.env.CARGO_TARGET_DIR ?? path.join(ROOT, 'target'), 'debug/token-monitor');
}

/** Installs Claude Code and returns the path of its program. The install scripts of the package do not run. */
function installClient(version, folder) {
  const prefix = path.join(folder, 'client');
  mkdirSync(prefix);
  console.log(`Installing ${PACKAGE}@${version}`);
  const folders = ['--prefix', prefix, '--cache', path.join(folder, 'npm-cache')];
  const options = [...folders, '--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=1'];
  const { status, stderr } = spawnSync('npm', ['install', ...options, `${PACKAGE}@${version}`], { cwd: prefix, encoding: 'utf8' });
  if (status !== 0) {
    const [, reason] = /^npm error (?:FetchError:|network|notarget|404) (.+)$/m.exec(stderr) ?? [, stderr.split('\n')[0]];
    throw new Failure(`Cannot run: npm could not install ${PACKAGE}@${version} (${reason.replace(/\.$/, '')}).`);
  }
  const scope = path.join(prefix, 'node_modules', path.dirname(PACKAGE));
  const candidates = readdirSync(scope).map((name) => path.join(scope, name, 'claude'));
  const client = candidates.find((file) => existsSync(file) && statSync(file).isFile());
  if (!client) throw new Failure(`Cannot run: ${PACKAGE}@${version} has no program for this machine.`);
  return client;
}

/** Runs the scenarios and returns their exit code. Ending `unshare` ends every process in the namespace. */
function runInNamespace(args) {
  const inner = [process.execPath, path.join(ROOT, 'scripts/test-client/main.mjs'), ...args];
  const child = spawn('unshare', [...NAMESPACE, ...inner], { stdio: ['ignore', 'inherit', 'inherit'] });
  process.prependListener('exit', () => child.kill('SIGKILL'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (status) => resolve(status ?? 1));
  });
}
