// Every check of this project, in the order in which a mistake shows soonest. `npm test` runs all of it and is what
// the build server runs; `npm test -- ui`, `-- rust`, `-- app` run a part. Stops at the first failure.

import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { APP_FEATURES, Failed, ROOT, main, npm, read, run, setUp, step } from './steps.mjs';

const CORE = 'token-monitor-core';

/**
 * What only the shell may be built from: the window toolkit and everything that brings it in. Not of it, in spite of its
 * name, is the crate that hands notifications to Windows.
 */
const TOOLKIT = /^(tauri|tauri-(?!winrt-notification$)[a-z-]+|wry|tao|gtk|webkit2gtk)$/;

const BINDINGS = path.join(ROOT, 'ui/src/bindings');
const APP_TESTS = path.join(ROOT, 'src-tauri/tests/app');

const PARTS = {
  ui: [
    ['UI: types', () => npm('ui:check')],
    ['UI: lint', () => npm('ui:lint')],
    ['UI: unit tests', () => npm('ui:test')],
    ['UI: in a browser', () => npm('ui:browser')],
  ],
  rust: [
    ['UI for the app', () => npm('ui:build')],
    ['Rust: format', () => run('cargo', 'fmt', '--all', '--check')],
    ['Rust: who depends on whom', proveDependencies],
    ['Rust: types the UI sees', proveBindings],
    ['Rust: lint', () => cargo('clippy', '--all-targets', ...APP_FEATURES, '--', '--deny', 'warnings')],
    ['Rust: tests', () => cargo('test', ...APP_FEATURES)],
  ],
  app: [
    ['The app: build', buildApp],
    ['Killed and started again', soakKill],
    ['The app on a private desktop', testApp],
  ],
};

await main(() => {
  const parts = chosenParts(process.argv.slice(2));
  step('Setup', () => setUp('test'));
  const steps = parts.flatMap((part) => PARTS[part]);
  for (const [at, [name, work]] of steps.entries()) {
    step(name, work, { last: at === steps.length - 1 });
  }
});

function chosenParts(args) {
  const unknown = args.find((part) => !(part in PARTS));
  if (unknown) throw new Failed(`there is no part “${unknown}”; there are: ${Object.keys(PARTS).join(', ')}`);
  return args.length > 0 ? args : Object.keys(PARTS);
}

function cargo(command, ...args) {
  run('cargo', command, '--workspace', '--locked', ...args);
}

/** The core depends on nothing that draws; neither does any crate but the shell, the root package. */
function proveDependencies() {
  const { packages } = JSON.parse(read('cargo', 'metadata', '--no-deps', '--locked', '--format-version', '1'));
  const shell = path.join(ROOT, 'Cargo.toml');
  const others = packages.filter(({ manifest_path: manifest }) => path.resolve(manifest) !== shell);
  if (!others.some(({ name }) => name === CORE)) throw new Failed(`${CORE} is not in the workspace`);
  for (const { name } of others) proveFree(name);
}

function proveFree(name) {
  const tree = ['tree', '--locked', '--package', name, '--target', 'all', '--all-features', '--prefix', 'none'];
  const lines = read('cargo', ...tree, '--format', '{p}').split('\n');
  const drawn = lines.map((line) => line.split(' ')[0]).find((dependency) => TOOLKIT.test(dependency));
  if (drawn) throw new Failed(`${name} depends on ${drawn}: cargo tree --package ${name} --invert ${drawn} --target all`);
  console.log(`${name} is free of the window toolkit`);
}

/** Writes the types anew and compares; they are left up to date, so that a second run passes. */
function proveBindings() {
  const before = bindings();
  run('cargo', 'test', '--quiet', '--locked', '--package', CORE, '--features', 'ts', 'bindings');
  const after = bindings();
  const stale = [...new Set([...before.keys(), ...after.keys()])].filter((file) => before.get(file) !== after.get(file));
  if (stale.length > 0) throw new Failed(`ui/src/bindings was out of date and has been rewritten: ${stale.join(', ')}`);
}

function bindings() {
  const files = readdirSync(BINDINGS).filter((file) => file.endsWith('.ts'));
  return new Map(files.map((file) => [file, readFileSync(path.join(BINDINGS, file), 'utf8')]));
}

/** The same features as the tests above, so that nothing is compiled twice. */
function buildApp() {
  npm('ui:build');
  cargo('build', '--bins', ...APP_FEATURES);
}

/** A short form of `npm run soak:kill`. */
function soakKill() {
  run('python3', 'scripts/soak-kill.py', '50', '--program', path.join(ROOT, 'target/debug/token-monitor'));
}

/** One file after the other: each has a desktop of its own, and two desktops would only slow each other down. */
function testApp() {
  const files = readdirSync(APP_TESTS).filter((file) => file.endsWith('.test.mjs')).sort();
  const paths = files.map((file) => path.join(APP_TESTS, file));
  run('node', '--test', '--test-reporter=spec', '--test-concurrency=1', ...paths);
}
