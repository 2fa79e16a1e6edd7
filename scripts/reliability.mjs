// Tries every promise about a damaged store with all its inputs, and prints one table. `npm test` runs a part of the tries.
//
//   npm run reliability        all tries, with a release build: about ten minutes
//
// A promise that fails ends the script with the output of its test. Each test asserts that something was injected.

import { spawnSync } from 'node:child_process';

import { Failure, ROOT, main } from './lib/run.mjs';

/** The tests, by the promise in the rows that they print. */
const TESTS = {
  'damaged pages at the start': 'damage::damaged_pages_at_the_start',
  'damaged pages under a running owner': 'damage::damaged_pages_under_a_running_owner',
  'flipped bits at the start': 'damage::flipped_bits_at_the_start',
};

await main(() => {
  const rows = Object.entries(TESTS).map(([promise, test]) => runTest(promise, test));
  printTable([['promise', 'tries', 'failures', 'found damaged', 'seconds'], ...rows]);
  const failed = rows.filter(([, , failures]) => failures !== '0');
  if (failed.length > 0) throw new Failure(`failed: ${failed.map(([promise]) => promise).join(', ')}`);
});

/** Runs a test and returns its row. */
function runTest(promise, test) {
  const args = ['test', '--release', '--locked', '--package', 'token-monitor-engine', '--test', 'it', '--', '--exact', test, '--nocapture'];
  const env = { ...process.env, TOKEN_MONITOR_ALL_TRIES: '1' };
  const { status, stdout, error } = spawnSync('cargo', args, { cwd: ROOT, encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'inherit'] });
  if (error) throw new Failure(`could not start cargo: ${error.message}`);
  const fields = stdout.split('\n').map((line) => line.split('\t')).find(([kind, name]) => kind === 'reliability' && name === promise);
  if (status !== 0 || !fields) {
    console.error(stdout);
    return [promise, '?', '1 or more', '?', '?'];
  }
  const [, , tries, damaged, seconds] = fields;
  return [promise, tries, '0', damaged, seconds];
}

function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    console.log(row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  '));
  }
}
