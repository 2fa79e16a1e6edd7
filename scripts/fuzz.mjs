// Runs every property test with many more random inputs than `npm test` does: `npm run fuzz [-- N]`, 20,000 each by
// default. A failing input is shrunk, printed, and kept beside its test, where each later run tries it first.

import { Failed, main, run, step } from './steps.mjs';

/** Whose inputs come from elsewhere: bytes of logs, lines in any order, rows of a store. */
const PACKAGES = ['token-monitor-core', 'token-monitor-store', 'token-monitor-desktop'];

await main(() => {
  const [inputs = '20000', ...more] = process.argv.slice(2);
  if (!/^\d+$/.test(inputs) || more.length > 0) throw new Failed('usage: npm run fuzz [-- INPUTS]');
  process.env.PROPTEST_CASES = inputs;
  const packages = PACKAGES.flatMap((name) => ['--package', name]);
  step(`${inputs} random inputs for each property`, () => run('cargo', 'test', '--release', '--locked', ...packages));
});
