// Builds the `token-monitor` command for the package that is being built, and copies it to target/bundled, where the
// package's configuration expects it; also writes the third-party licenses, the completions and the manual pages there.
// Tauri runs this before it bundles, and passes the target in the environment variable TAURI_ENV_TARGET_TRIPLE.

import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { writeLicenses } from './lib/licenses.mjs';
import { ROOT, main, read, run } from './lib/run.mjs';

const UNIVERSAL_TARGET = 'universal-apple-darwin';
const MACOS_TARGETS = ['aarch64-apple-darwin', 'x86_64-apple-darwin'];

/** The shells and the names of their completions. */
const COMPLETIONS = {
  bash: 'token-monitor.bash',
  elvish: 'token-monitor.elv',
  fish: 'token-monitor.fish',
  powershell: 'token-monitor.ps1',
  zsh: '_token-monitor',
};

const target = process.env.TAURI_ENV_TARGET_TRIPLE;
const cargoTarget = process.env.CARGO_TARGET_DIR ?? path.join(ROOT, 'target');
const name = target?.includes('windows') ? 'token-monitor.exe' : 'token-monitor';
const bundled = path.join(ROOT, 'target/bundled', name);

await main(() => {
  mkdirSync(path.dirname(bundled), { recursive: true });
  if (target === UNIVERSAL_TARGET) run('lipo', '-create', '-output', bundled, ...MACOS_TARGETS.map(buildFor));
  else copyFileSync(target ? buildFor(target) : buildForHost(), bundled);
  writeLicenses(path.join(ROOT, 'target/bundled/THIRD-PARTY-LICENSES'), licenseTargets());
  writeShellFiles(runsHere() ? bundled : buildForHost());
});

/** Returns whether the bundled command runs on this computer. */
function runsHere() {
  return !target || target === UNIVERSAL_TARGET || target === hostTarget();
}

/** Writes completions and manual pages with the command itself. */
function writeShellFiles(command) {
  const folder = path.join(ROOT, 'target/bundled/completions');
  mkdirSync(folder, { recursive: true });
  for (const [shell, file] of Object.entries(COMPLETIONS)) {
    writeFileSync(path.join(folder, file), read(command, 'completions', shell));
  }
  run(command, 'man', '--output', path.join(ROOT, 'target/bundled/man1'));
}

function buildForHost() {
  run('cargo', 'build', '--release', '--locked', '--package', 'token-monitor-cli');
  return path.join(cargoTarget, 'release', name);
}

/** Builds the command for a target and returns its path. For the host it shares the folder of all other builds. */
function buildFor(triple) {
  if (triple === hostTarget()) return buildForHost();
  run('cargo', 'build', '--release', '--locked', '--package', 'token-monitor-cli', '--target', triple);
  return path.join(cargoTarget, triple, 'release', name);
}

/** Returns the targets whose dependencies are in the package. */
function licenseTargets() {
  if (target === UNIVERSAL_TARGET) return MACOS_TARGETS;
  return [target ?? hostTarget()].filter(Boolean);
}

function hostTarget() {
  const cpu = { arm64: 'aarch64', x64: 'x86_64' }[process.arch];
  const system = { linux: 'unknown-linux-gnu', win32: 'pc-windows-msvc' }[process.platform];
  return system && `${cpu}-${system}`;
}
