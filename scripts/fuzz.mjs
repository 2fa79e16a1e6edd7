// Runs every fuzz target of src-tauri/fuzz for a number of inputs: `npm run fuzz [-- N [TARGET…]]`, a million each by
// default. Needs cargo-fuzz and a nightly compiler and installs neither; without a sanitizer, because our own code
// holds no unsafe block and is several times faster so.

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { Failed, ROOT, main, run, step } from './steps.mjs';

const TARGETS = path.join(ROOT, 'src-tauri/fuzz/fuzz_targets');

/** A single input that takes longer or more than this is a finding. */
const LIMITS = ['-timeout=5', '-rss_limit_mb=512'];

await main(() => {
  const [inputs = '1000000', ...chosen] = process.argv.slice(2);
  if (!/^\d+$/.test(inputs)) throw new Failed('usage: npm run fuzz [-- INPUTS [TARGET…]]');
  for (const target of chosen.length > 0 ? chosen : targets()) {
    step(`${target}, ${inputs} inputs`, () => fuzz(target, inputs));
  }
});

function targets() {
  const files = existsSync(TARGETS) ? readdirSync(TARGETS) : [];
  const names = files.filter((file) => file.endsWith('.rs')).map((file) => path.basename(file, '.rs')).sort();
  if (names.length === 0) throw new Failed('there are no fuzz targets in src-tauri/fuzz/fuzz_targets');
  return names;
}

function fuzz(target, inputs) {
  const command = ['+nightly', 'fuzz', 'run', '--fuzz-dir', 'src-tauri/fuzz', '--sanitizer', 'none', target];
  run('cargo', ...command, '--', `-runs=${inputs}`, ...LIMITS);
}
