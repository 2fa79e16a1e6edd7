// `npm run licenses [-- FILE]`: writes the license notices of the third-party software in the packages. Without a file,
// to target/bundled/THIRD-PARTY-LICENSES, where the packages take them from.

import path from 'node:path';

import { writeLicenses } from './lib/licenses.mjs';
import { ROOT, main } from './lib/run.mjs';

await main(() => {
  const [file = path.join(ROOT, 'target/bundled/THIRD-PARTY-LICENSES')] = process.argv.slice(2);
  writeLicenses(path.resolve(file));
});
