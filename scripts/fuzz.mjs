// Runs every property test with more random inputs than `npm test`: `npm run fuzz [-- INPUTS]`, 20,000 by default. A
// failing input is shrunk, printed, and stored beside its test; later runs try it first.

import { Failure, main, read, run, step } from './lib/run.mjs';

const DEFAULT_INPUTS = '20000';

await main(() => {
  const [inputs = DEFAULT_INPUTS, ...rest] = process.argv.slice(2);
  if (!/^\d+$/.test(inputs) || rest.length > 0) throw new Failure('usage: npm run fuzz [-- INPUTS]');
  process.env.PROPTEST_CASES = inputs;
  const packages = listPackagesWithPropertyTests().flatMap((name) => ['--package', name]);
  step(`${inputs} random inputs per property`, () => run('cargo', 'test', '--release', '--locked', ...packages));
});

function listPackagesWithPropertyTests() {
  const { packages } = JSON.parse(read('cargo', 'metadata', '--no-deps', '--locked', '--format-version', '1'));
  const usesProptest = ({ dependencies }) => dependencies.some(({ name }) => name === 'proptest');
  return packages.filter(usesProptest).map(({ name }) => name);
}
