// Tries every promise of docs/reliability.md many times, and prints one table. `npm test` runs a part of the tries.
//
//   npm run reliability                   all tries, with a release build: about an hour
//   npm run reliability -- power started  only promises whose name contains one of these texts
//
// A promise that fails ends the script with the output of its test. Each test asserts that something was injected.

import { spawnSync } from 'node:child_process';

import { Failure, ROOT, main } from './lib/run.mjs';

const ENGINE = 'token-monitor-engine';
const STORE = 'token-monitor-store';
const COMMAND = 'token-monitor-cli';

/**
 * The promises with the packages and names of their tests. A test prints its own row, unless it is a property test, for which
 * the number of random inputs is given.
 */
const PROMISES = [
  { promise: 'damaged pages at the start', package: ENGINE, test: 'damage::damaged_pages_at_the_start' },
  { promise: 'damaged pages under a running owner', package: ENGINE, test: 'damage::damaged_pages_under_a_running_owner' },
  { promise: 'flipped bits at the start', package: ENGINE, test: 'damage::flipped_bits_at_the_start' },
  { promise: 'power cuts while writing and recovering', package: STORE, test: 'power_cuts::a_power_cut_leaves_a_state_between_two_commits' },
  { promise: 'power cuts during a migration', package: STORE, test: 'power_cuts::a_power_cut_during_a_migration_loses_nothing' },
  { promise: 'watch and status started together', package: COMMAND, test: 'races::watch_and_status_that_start_together_both_succeed' },
  { promise: 'watch continues when the owner is killed', package: COMMAND, test: 'races::a_watch_goes_on_each_time_the_process_with_the_engine_is_killed' },
  { promise: 'commands while the owner is killed', package: COMMAND, test: 'races::commands_succeed_while_the_process_with_the_engine_is_killed' },
  {
    promise: 'random file actions, kills and damage',
    package: ENGINE,
    test: 'random_actions::totals_are_those_of_all_lines_ever_read_whatever_happens_to_the_logs',
    inputs: 5_000,
  },
  {
    promise: 'logs read in parts and in any order',
    package: ENGINE,
    test: 'reading_order::logs_read_in_parts_and_in_any_order_equal_the_logs_read_at_once',
    inputs: 5_000,
  },
];

await main(() => {
  const wanted = process.argv.slice(2);
  const selected = PROMISES.filter(({ promise }) => wanted.length === 0 || wanted.some((text) => promise.includes(text)));
  if (selected.length === 0) throw new Failure(`no promise contains “${wanted.join('”, “')}”`);
  const rows = selected.map(tryPromise);
  printTable([['promise', 'tries', 'failures', 'injected', 'seconds'], ...rows]);
  const failed = rows.filter(([, , failures]) => failures !== '0');
  if (failed.length > 0) throw new Failure(`failed: ${failed.map(([promise]) => promise).join(', ')}`);
});

/** Runs the test of a promise and returns its row. */
function tryPromise({ promise, package: name, test, inputs }) {
  const args = ['test', '--release', '--locked', '--package', name, '--test', 'it', '--', '--exact', test, '--nocapture'];
  const env = { ...process.env, TOKEN_MONITOR_ALL_TRIES: '1', ...(inputs && { PROPTEST_CASES: String(inputs) }) };
  const { status, stdout, error } = spawnSync('cargo', args, { cwd: ROOT, encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'inherit'] });
  if (error) throw new Failure(`could not start cargo: ${error.message}`);
  const row = status === 0 && stdout.includes('1 passed') ? (inputs ? readInputs(inputs, stdout) : readRow(promise, stdout)) : null;
  if (row) return [promise, ...row];
  console.error(stdout);
  return [promise, '?', '1 or more', '?', '?'];
}

/** Returns the rest of the row that a test has printed: tries, failures, what was injected, seconds. */
function readRow(promise, stdout) {
  // The name of the test may stand before it on the line.
  const fields = stdout.split('\n').map((line) => line.slice(Math.max(line.indexOf('reliability\t'), 0)).split('\t'));
  const found = fields.find(([kind, name]) => kind === 'reliability' && name === promise);
  return found && [found[2], '0', found[3], found[4]];
}

/** Returns the rest of the row of a property test. */
function readInputs(inputs, stdout) {
  const seconds = /finished in ([\d.]+)s/.exec(stdout);
  return seconds && [String(inputs), '0', '', Number(seconds[1]).toFixed(1)];
}

function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    console.log(row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  '));
  }
}
