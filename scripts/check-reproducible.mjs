// `npm run check:reproducible`: builds the command and the tray process of the last commit in two folders with paths of different
// length, and compares the programs byte for byte. It needs about as long as two release builds, and 3 GB in the folder for
// temporary files.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { reproducibleEnvironment } from './lib/packaging/reproducible.mjs';
import { Failure, ROOT, main, step } from './lib/run.mjs';

const PROGRAMS = ['token-monitor', 'token-monitor-tray'];

const FOLDERS = ['a', 'another-folder/with-a-longer-path'];

await main(() => {
  const work = mkdtempSync(path.join(os.tmpdir(), 'token-monitor-reproducible-'));
  try {
    const builds = FOLDERS.map((name) => {
      let digests;
      step(`Building in “${name}”`, () => (digests = build(path.join(work, name))));
      return digests;
    });
    compare(builds);
  } finally {
    rmSync(work, { recursive: true });
  }
});

/** Builds the last commit in a folder and returns the SHA-256 digests of the programs. */
function build(folder) {
  mkdirSync(folder, { recursive: true });
  runIn(folder, process.env, 'sh', '-c', 'git -C "$1" archive HEAD | tar x', 'sh', ROOT);
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  const { CARGO_TARGET_DIR: _, ...own } = process.env;
  const env = reproducibleEnvironment(folder, own);
  runIn(folder, env, 'npm', 'run', '--silent', 'ui:build');
  runIn(folder, env, 'cargo', 'build', '--quiet', '--release', '--locked', '--package', 'token-monitor-cli');
  const digests = PROGRAMS.map((name) => sha256(path.join(folder, 'target/release', name)));
  PROGRAMS.forEach((name, index) => console.log(`${digests[index]}  ${name}`));
  rmSync(path.join(folder, 'target'), { recursive: true });
  return digests;
}

function compare([first, second]) {
  const different = PROGRAMS.filter((_, index) => first[index] !== second[index]);
  if (different.length > 0) throw new Failure(`the two builds of ${different.join(' and ')} differ`);
  console.log(`\nboth builds of ${PROGRAMS.join(' and ')} are equal byte for byte`);
}

function runIn(cwd, env, program, ...args) {
  const { status, error } = spawnSync(program, args, { cwd, env, stdio: 'inherit' });
  if (error) throw new Failure(`could not start ${program}: ${error.message}`);
  if (status !== 0) throw new Failure(`${program} ${args.join(' ')} failed in ${cwd}`);
}

function sha256(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
