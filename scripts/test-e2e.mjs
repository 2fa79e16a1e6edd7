// Runs the end-to-end tests in src-tauri/tests/e2e against the debug build: `npm run test:e2e [-- FILE … [--name PATTERN]]`.
// A FILE is a name without its ending, such as `tray`. One file runs at a time: each has a desktop of its own, and two at
// the same time would slow each other down.

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { Failure, ROOT, main, run } from './lib/run.mjs';

const FOLDER = path.join(ROOT, 'src-tauri/tests/e2e');
const SUFFIX = '.test.mjs';

await main(() => {
  const { values, positionals } = parseArgs({ options: { name: { type: 'string' } }, allowPositionals: true });
  const files = (positionals.length > 0 ? positionals : listTests()).map((name) => path.join(FOLDER, `${name}${SUFFIX}`));
  const missing = files.find((file) => !existsSync(file));
  if (missing) throw new Failure(`${path.relative(ROOT, missing)} does not exist; there are: ${listTests().join(', ')}`);
  const pattern = values.name ? [`--test-name-pattern=${values.name}`] : [];
  run('node', '--test', '--test-reporter=spec', '--test-concurrency=1', ...pattern, ...files);
});

function listTests() {
  return readdirSync(FOLDER).filter((name) => name.endsWith(SUFFIX)).map((name) => name.slice(0, -SUFFIX.length)).sort();
}
