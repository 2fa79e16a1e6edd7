// Makes builds independent of the folder they run in: the paths of the sources, of cargo's registry and of the toolchain
// are replaced in the programs, and texts with dates take that of the sources.

import os from 'node:os';
import path from 'node:path';

import { read } from '../run.mjs';
import { sourceDate } from './metadata.mjs';

/** Separates the flags in CARGO_ENCODED_RUSTFLAGS, so that paths may contain spaces. */
const SEPARATOR = '\x1f';

/** Sets the environment of this process for a build of the sources in `root`. */
export function setReproducibleEnvironment(root) {
  Object.assign(process.env, reproducibleEnvironment(root, process.env));
}

/** Returns an environment for a build of the sources in `root`. Flags that `env` has already are kept. */
export function reproducibleEnvironment(root, env) {
  const prefixes = pathPrefixes(path.resolve(root), env);
  return {
    ...env,
    CARGO_ENCODED_RUSTFLAGS: rustFlags(prefixes, env),
    CFLAGS: cFlags(prefixes, env),
    SOURCE_DATE_EPOCH: env.SOURCE_DATE_EPOCH ?? String(sourceDate()),
  };
}

/** Returns pairs of a path and its replacement. Of several that match, compilers use the last one. */
function pathPrefixes(root, env) {
  return [
    [read('rustc', '--print', 'sysroot').trim(), '/toolchain'],
    [path.resolve(env.CARGO_HOME ?? path.join(os.homedir(), '.cargo')), '/cargo'],
    [root, '/source'],
    [path.resolve(env.CARGO_TARGET_DIR ?? path.join(root, 'target')), '/target'],
  ];
}

function rustFlags(prefixes, env) {
  const given = env.CARGO_ENCODED_RUSTFLAGS?.split(SEPARATOR) ?? env.RUSTFLAGS?.split(' ') ?? [];
  const flags = prefixes.map(([from, to]) => `--remap-path-prefix=${from}=${to}`);
  return [...new Set([...given.filter(Boolean), ...flags])].join(SEPARATOR);
}

/** Flags of the C compiler cannot contain spaces. A path with one stays in C code. Microsoft's compiler has no such flag. */
function cFlags(prefixes, env) {
  const given = env.CFLAGS?.split(' ') ?? [];
  if (process.platform === 'win32') return given.join(' ');
  const flags = prefixes.filter(([from]) => !from.includes(' ')).map(([from, to]) => `-ffile-prefix-map=${from}=${to}`);
  return [...new Set([...given.filter(Boolean), ...flags])].join(' ');
}
