// Runs every check of this project, the fastest first, and stops at the first failure. The build server runs the same.
//
//   npm test                           everything
//   npm test -- rust                   one part: ui, rust or app
//   npm test -- --only 'Rust: lint'    the steps whose name contains this text
//   npm test -- --list                 prints the names of the steps

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { APP_FEATURES, Failure, ROOT, main, npm, read, run, setUp, step } from './lib/run.mjs';
import { runShortWindowsTests } from './lib/windows.mjs';

const CORE = 'token-monitor-core';
const ENGINE = 'token-monitor-engine';

/**
 * The window toolkit and the crates that depend on it. Only the shell, the root package, may use them. The crate
 * `tauri-winrt-notification` is not part of it: it sends notifications on Windows.
 */
const WINDOW_TOOLKIT = /^(tauri|tauri-(?!winrt-notification$)[a-z-]+|wry|tao|gtk|webkit2gtk)$/;

/** The UIs of the app, of the web server and of a team's hub. */
const BUILT_UIS = ['ui/dist', 'ui/dist-web', 'ui/dist-team'];

const BINDINGS = path.join(ROOT, 'ui/src/bindings');

/** Kills in the short form of `npm run soak:kill`. */
const KILLS = '50';

const PARTS = {
  ui: [
    ['Docs: tests in the fault catalog', () => run('node', 'scripts/check-faults.mjs')],
    ['UI: types', () => npm('ui:check')],
    ['UI: lint', () => npm('ui:lint')],
    ['UI: unit tests', () => npm('ui:test')],
    ['UI: browser tests', () => npm('ui:browser')],
  ],
  rust: [
    ['Rust: UI for the app', () => npm('ui:build')],
    ['Rust: addresses in the built UI', () => run('node', 'scripts/check-pages.mjs')],
    ['Rust: format', () => run('cargo', 'fmt', '--all', '--check')],
    ['Rust: dependencies', checkDependencies],
    ['Rust: TypeScript bindings', checkBindings],
    ['Rust: lint', () => cargo('clippy', '--all-targets', ...APP_FEATURES, '--', '--deny', 'warnings')],
    ['Rust: tests', () => cargo('test', ...APP_FEATURES)],
    ['Rust: Windows build under Wine', runShortWindowsTests],
  ],
  app: [
    ['App: build', buildApp],
    ['App: kill and restart', runKillTest],
    ['App: end-to-end tests', () => npm('test:e2e')],
  ],
};

await main(() => {
  const { values, positionals } = parseArguments();
  const steps = selectSteps(positionals, values.only);
  if (values.list) return steps.forEach(([name]) => console.log(name));
  step('Setup', () => setUp('test'));
  for (const [index, [name, work]] of steps.entries()) {
    step(name, work, { last: index === steps.length - 1 });
  }
});

function parseArguments() {
  const options = { only: { type: 'string' }, list: { type: 'boolean' } };
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new Failure(`${error.message}\nusage: npm test [-- [PART …] [--only NAME] [--list]]`);
  }
}

function selectSteps(parts, only = '') {
  const unknown = parts.find((part) => !(part in PARTS));
  if (unknown) throw new Failure(`unknown part “${unknown}”; parts: ${Object.keys(PARTS).join(', ')}`);
  const selected = (parts.length > 0 ? parts : Object.keys(PARTS)).flatMap((part) => PARTS[part]);
  const steps = selected.filter(([name]) => name.toLowerCase().includes(only.toLowerCase()));
  if (steps.length === 0) throw new Failure(`no step contains “${only}”; list them with: npm test -- --list`);
  return steps;
}

/** Runs cargo on the whole workspace. The app, the web server and the hub contain built UIs. */
function cargo(command, ...args) {
  if (!BUILT_UIS.every((folder) => existsSync(path.join(ROOT, folder)))) npm('ui:build');
  run('cargo', command, '--workspace', '--locked', ...args);
}

/** Checks that no crate but the shell depends on the window toolkit, directly or indirectly. */
function checkDependencies() {
  const { packages } = JSON.parse(read('cargo', 'metadata', '--no-deps', '--locked', '--format-version', '1'));
  const shell = path.join(ROOT, 'Cargo.toml');
  const crates = packages.filter(({ manifest_path: manifest }) => path.resolve(manifest) !== shell);
  if (!crates.some(({ name }) => name === CORE)) throw new Failure(`${CORE} is not in the workspace`);
  for (const { name } of crates) checkToolkitFree(name);
}

function checkToolkitFree(name) {
  const tree = ['tree', '--locked', '--package', name, '--target', 'all', '--all-features', '--prefix', 'none'];
  const dependencies = read('cargo', ...tree, '--format', '{p}').split('\n').map((line) => line.split(' ')[0]);
  const found = dependencies.find((dependency) => WINDOW_TOOLKIT.test(dependency));
  if (found) throw new Failure(`${name} depends on ${found}: cargo tree --package ${name} --invert ${found} --target all`);
  console.log(`${name} does not depend on the window toolkit`);
}

/** Generates the TypeScript bindings and compares them with the committed ones. A second run passes. */
function checkBindings() {
  const before = readBindings();
  run('cargo', 'test', '--quiet', '--locked', '--package', CORE, '--package', ENGINE, '--features', 'ts', 'bindings');
  const after = readBindings();
  const stale = [...new Set([...before.keys(), ...after.keys()])].filter((file) => before.get(file) !== after.get(file));
  if (stale.length > 0) throw new Failure(`ui/src/bindings was out of date and has been updated: ${stale.join(', ')}`);
}

function readBindings() {
  const files = readdirSync(BINDINGS).filter((file) => file.endsWith('.ts'));
  return new Map(files.map((file) => [file, readFileSync(path.join(BINDINGS, file), 'utf8')]));
}

/** Builds with the features of the Rust tests, so that nothing is compiled twice. */
function buildApp() {
  npm('ui:build');
  cargo('build', '--bins', ...APP_FEATURES);
}

function runKillTest() {
  run('python3', 'scripts/stress-kill.py', KILLS, '--program', path.join(ROOT, 'target/debug/token-monitor'));
}
