// Builds the `token-monitor` command, and on Linux the tray process, for the package that is being built. Copies them to
// target/bundled, where the package's configuration expects them; also writes the third-party licenses, the completions and the manual pages there.
// Tauri runs this before it bundles, and passes the target in the environment variable TAURI_ENV_TARGET_TRIPLE.

import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';

import { writeLicenses } from './lib/licenses.mjs';
import { setReproducibleEnvironment } from './lib/packaging/reproducible.mjs';
import { writeShellFiles } from './lib/packaging/shell-files.mjs';
import { ROOT, main, run } from './lib/run.mjs';

const UNIVERSAL_TARGET = 'universal-apple-darwin';
const MACOS_TARGETS = ['aarch64-apple-darwin', 'x86_64-apple-darwin'];

const target = process.env.TAURI_ENV_TARGET_TRIPLE;
const cargoTarget = process.env.CARGO_TARGET_DIR ?? path.join(ROOT, 'target');
const command = target?.includes('windows') ? 'token-monitor.exe' : 'token-monitor';
const programs = (target?.includes('linux') ?? process.platform === 'linux') ? [command, 'token-monitor-tray'] : [command];
const bundleFolder = path.join(ROOT, 'target/bundled');

await main(() => {
  mkdirSync(bundleFolder, { recursive: true });
  setReproducibleEnvironment(ROOT);
  copyPrograms();
  writeLicenses(path.join(ROOT, 'target/bundled/THIRD-PARTY-LICENSES'), licenseTargets());
  writeShellFiles(path.join(runsHere() ? bundleFolder : buildForHost(), command), bundleFolder);
});

/** Builds the programs and copies them to the folder of the package. */
function copyPrograms() {
  const folders = target === UNIVERSAL_TARGET ? MACOS_TARGETS.map(buildFor) : [target ? buildFor(target) : buildForHost()];
  for (const program of programs) {
    const built = folders.map((folder) => path.join(folder, program));
    const bundled = path.join(bundleFolder, program);
    if (built.length > 1) run('lipo', '-create', '-output', bundled, ...built);
    else copyFileSync(built[0], bundled);
  }
}

/** Returns whether the bundled command runs on this computer. */
function runsHere() {
  return !target || target === UNIVERSAL_TARGET || target === hostTarget();
}

/** Builds for this computer and returns the folder of the programs. */
function buildForHost() {
  run('cargo', 'build', '--release', '--locked', '--package', 'token-monitor-cli');
  return path.join(cargoTarget, 'release');
}

/** Builds for a target and returns the folder of the programs. For the host it shares the folder of all other builds. */
function buildFor(triple) {
  if (triple === hostTarget()) return buildForHost();
  run('cargo', 'build', '--release', '--locked', '--package', 'token-monitor-cli', '--target', triple);
  return path.join(cargoTarget, triple, 'release');
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
