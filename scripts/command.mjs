// Builds the `token-monitor` command for the package that is being made, and puts it where the package's
// configuration looks for it. Tauri runs this before it bundles, and says in the environment for which computer.

import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';

import { ROOT, main, run } from './steps.mjs';

const UNIVERSAL = 'universal-apple-darwin';
const BOTH = ['aarch64-apple-darwin', 'x86_64-apple-darwin'];

const target = process.env.TAURI_ENV_TARGET_TRIPLE;
const built = process.env.CARGO_TARGET_DIR ?? path.join(ROOT, 'target');
const name = target?.includes('windows') ? 'token-monitor.exe' : 'token-monitor';
const bundled = path.join(ROOT, 'target/bundled', name);

await main(() => {
  mkdirSync(path.dirname(bundled), { recursive: true });
  if (target === UNIVERSAL) run('lipo', '-create', '-output', bundled, ...BOTH.map(buildFor));
  else copyFileSync(target ? buildFor(target) : buildHere(), bundled);
});

function buildHere() {
  run('cargo', 'build', '--release', '--locked', '--package', 'token-monitor-cli');
  return path.join(built, 'release', name);
}

/** Where the command for a computer lies once it is built; for this one it is built as everything else is. */
function buildFor(triple) {
  if (triple === host()) return buildHere();
  run('cargo', 'build', '--release', '--locked', '--package', 'token-monitor-cli', '--target', triple);
  return path.join(built, triple, 'release', name);
}

function host() {
  const cpu = { arm64: 'aarch64', x64: 'x86_64' }[process.arch];
  const system = { linux: 'unknown-linux-gnu', win32: 'pc-windows-msvc' }[process.platform];
  return system && `${cpu}-${system}`;
}
