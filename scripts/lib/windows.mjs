// The checks of the Windows build on Linux: the Rust tests of the library crates and the command, and tests of the programs
// from outside. `npm run test:windows` runs all, `npm test` the short ones.

import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { Failure, ROOT, npm } from './run.mjs';
import { WINDOWS_TARGET, WINE_FOLDER, listMissingParts, preparePrefix, stopWine, wineEnvironment, winePath } from './wine.mjs';

/** The crates that are built and tested. They are always built together, so that no crate is compiled with other features. */
const CRATES = ['core', 'store', 'engine', 'ipc', 'export', 'telemetry', 'web', 'server', 'cli'];

/** The UI that the web server contains. */
const WEB_UI = path.join(ROOT, 'ui/dist-web');

/** The tests that run Python, which is no program for Windows here. They run on Linux, and on the build server on Windows. */
const PYTHON_TESTS = [
  'focus_bills_nothing_under_a_subscription',
  'python_reads_the_same_from_csv_and_tsv_as_from_json',
  'the_rows_add_up_to_the_totals_to_the_token_and_the_nano_dollar',
];

const TEST_FOLDER = 'src-tauri/tests/windows';

/** Builds the crates, their tests and the command for Windows. */
export function buildForWindows() {
  if (!existsSync(WEB_UI)) npm('ui:build');
  runCargo('inherit', ['test', '--no-run']);
}

/** Runs the Rust tests of all crates; `args` select some. Their output is kept in a file. Prints the counts. */
export function runRustTests(...args) {
  const file = path.join(WINE_FOLDER, 'rust-tests.log');
  const output = openSync(file, 'w');
  try {
    const skipped = PYTHON_TESTS.flatMap((name) => ['--skip', name]);
    const passed = runCargo(output, ['test', '--no-fail-fast', ...args], ['--', ...skipped]);
    reportTests(readFileSync(file, 'utf8'), passed);
  } finally {
    closeSync(output);
  }
}

/** Runs test files in `src-tauri/tests/windows`, given by name. */
export function runProgramTests(...names) {
  const files = names.map((name) => path.join(TEST_FOLDER, `${name}.test.mjs`));
  const args = ['--test', '--test-reporter=spec', '--test-concurrency=1', ...files];
  const { status } = spawnSync('node', args, { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) throw new Failure('a test of the programs for Windows failed');
}

/** Kills `watch` at random moments while logs are written, and checks that nothing is lost or counted twice. */
export function runKillTest(kills) {
  const program = path.join(ROOT, 'target', WINDOWS_TARGET, 'debug/token-monitor.exe');
  const args = ['scripts/stress-kill.py', kills, '--wine', winePath(), '--program', program];
  const { status } = spawnSync('python3', args, { cwd: ROOT, env: wineEnvironment(), stdio: 'inherit' });
  if (status !== 0) throw new Failure('the kill test failed');
}

/** Runs `work` with a prefix of Wine, and ends every program in it afterwards. */
export function withWine(work) {
  preparePrefix();
  try {
    work();
  } finally {
    stopWine();
  }
}

/** Runs the short checks, or prints what is missing for them. */
export function runShortWindowsTests() {
  const missing = listMissingParts();
  if (missing.length > 0) {
    console.log(`not run, missing: ${missing.join(', ')}. To install it: bash scripts/setup.sh windows`);
    return;
  }
  withWine(() => {
    buildForWindows();
    runRustTests('--lib');
    runProgramTests('command');
  });
}

/**
 * Runs cargo on all crates for Windows, and returns true if it succeeded. `output` is where its standard output goes,
 * `lastArgs` follow the crates.
 */
function runCargo(output, args, lastArgs = []) {
  const packages = CRATES.flatMap((name) => ['--package', `token-monitor-${name}`]);
  const allArgs = [...args, '--locked', '--target', WINDOWS_TARGET, ...packages, ...lastArgs];
  const options = { cwd: ROOT, env: wineEnvironment(), stdio: ['ignore', output, 'inherit'] };
  const { status, error } = spawnSync('cargo', allArgs, options);
  if (error) throw new Failure(`could not start cargo: ${error.message}`);
  if (output === 'inherit' && status !== 0) throw new Failure(`cargo ${args.join(' ')} failed for ${WINDOWS_TARGET}`);
  return status === 0;
}

/** Prints how many tests passed and failed. Throws with the output of those that failed. */
function reportTests(text, passed) {
  const results = [...text.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/gm)];
  const sum = (index) => results.reduce((total, result) => total + Number(result[index]), 0);
  if (sum(1) === 0) throw new Failure(`no test ran\n${text}`);
  if (!passed) console.log(text.split('\n').filter((line) => !/^test .* \.\.\. ok$/.test(line)).join('\n'));
  console.log(`${sum(1)} tests passed, ${sum(2)} failed, ${sum(3)} ignored`);
  if (!passed) throw new Failure('a Rust test failed on Windows');
}
