// Builds Token Monitor for Windows on Linux and tests it under Wine. docs/windows.md says what this shows and what it cannot.
//
//   npm run test:windows                        everything
//   npm run test:windows -- rust command        some parts: rust, command, kills
//   npm run test:windows -- kills --kills 500   more kills than 50

import { parseArgs } from 'node:util';

import { Failure, main, setUp, step } from './lib/run.mjs';
import { buildForWindows, runKillTest, runProgramTests, runRustTests, withWine } from './lib/windows.mjs';

const PARTS = {
  rust: ['Windows: Rust tests', () => runRustTests()],
  command: ['Windows: the command', () => runProgramTests('command')],
  kills: ['Windows: kill and restart', ({ kills }) => runKillTest(kills)],
};

await main(() => {
  const options = { kills: { type: 'string', default: '50' } };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const unknown = positionals.find((part) => !(part in PARTS));
  if (unknown) throw new Failure(`unknown part “${unknown}”; parts: ${Object.keys(PARTS).join(', ')}`);
  const parts = positionals.length > 0 ? positionals : Object.keys(PARTS);
  step('Setup', () => setUp('windows'));
  step('Windows: build', buildForWindows);
  withWine(() => {
    for (const [name, work] of parts.map((part) => PARTS[part])) step(name, () => work(values));
  });
});
