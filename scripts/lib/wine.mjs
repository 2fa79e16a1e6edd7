// Wine, which runs programs for Windows on Linux: its home folder below `target`, its environment, and what of it is missing.
// Nothing of the person's own Wine or Claude folder is read or changed.

import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';

import { Failure, ROOT, read } from './run.mjs';

/** The target of the cross build. Its linker is the package `gcc-mingw-w64-x86-64`. */
export const WINDOWS_TARGET = 'x86_64-pc-windows-gnu';

const CROSS_COMPILER = 'x86_64-w64-mingw32-gcc';

/** The folder of everything that belongs to Wine, with the prefix: the Windows drive `C:` and the registry. */
export const WINE_FOLDER = path.join(ROOT, 'target/wine');

const PREFIX = path.join(WINE_FOLDER, 'prefix');
const SYSTEM_FOLDER = path.join(PREFIX, 'drive_c/windows/system32');
const RANDOM_NUMBERS = 'bcryptprimitives.dll';

/** Where Debian and Ubuntu have the programs. The command `wine` of their package warns about 32-bit programs at each start. */
const PROGRAM_FOLDERS = ['/usr/lib/wine', ...(process.env.PATH ?? '').split(path.delimiter)];

/** The variables that Wine, or a program under test, would take from the person's session. */
const EXCLUDED_VARIABLES = ['DISPLAY', 'WAYLAND_DISPLAY', 'WINEARCH', 'CLAUDE_CONFIG_DIR'];

/** Returns what is missing to build and run programs for Windows, in words. */
export function listMissingParts() {
  const library = path.join(read('rustc', '--print', 'sysroot').trim(), 'lib/rustlib', WINDOWS_TARGET);
  return [
    [findProgram('wine64', 'wine'), 'Wine'],
    [findProgram('wineserver64', 'wineserver'), 'the server of Wine'],
    [findProgram(CROSS_COMPILER), CROSS_COMPILER],
    [existsSync(library), `Rust's standard library for ${WINDOWS_TARGET}`],
  ].flatMap(([found, name]) => (found ? [] : [name]));
}

/** Returns the path of Wine. */
export function winePath() {
  return findProgram('wine64', 'wine') ?? fail('Wine is not installed: bash scripts/setup.sh windows');
}

/** Returns the environment in which cargo runs the programs that it builds for Windows, and Wine finds its folder. */
export function wineEnvironment() {
  const isInherited = ([name]) => !EXCLUDED_VARIABLES.includes(name) && !name.startsWith('TOKEN_MONITOR_');
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(isInherited)),
    CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER: winePath(),
    // The tests find their snapshots below it. They would ask cargo for it, which does not run under Wine.
    INSTA_WORKSPACE_ROOT: toWindowsPath(ROOT),
    INSTA_UPDATE: 'no',
    WINEPREFIX: PREFIX,
    WINEDEBUG: '-all',
    // Without these two, Wine asks whether to download replacements of .NET and of Internet Explorer.
    WINEDLLOVERRIDES: 'mscoree,mshtml=',
  };
}

/** Creates the prefix if there is none, and adds what Rust's programs need. */
export function preparePrefix() {
  mkdirSync(WINE_FOLDER, { recursive: true });
  if (!existsSync(path.join(PREFIX, 'system.reg'))) {
    runWith(wineEnvironment(), winePath(), 'wineboot', '--init');
    // The registry is written when the server ends.
    stopWine();
  }
  if (!existsSync(path.join(SYSTEM_FOLDER, RANDOM_NUMBERS))) addRandomNumbers();
}

function addRandomNumbers() {
  const built = path.join(WINE_FOLDER, RANDOM_NUMBERS);
  const source = path.join(ROOT, 'scripts/wine/bcryptprimitives.c');
  runWith(process.env, CROSS_COMPILER, '-shared', '-O2', '-o', built, source, '-ladvapi32');
  copyFileSync(built, path.join(SYSTEM_FOLDER, RANDOM_NUMBERS));
}

/** Ends every program in the prefix. */
export function stopWine() {
  const server = findProgram('wineserver64', 'wineserver');
  // It fails if nothing runs.
  if (server) spawnSync(server, ['-k'], { env: wineEnvironment(), stdio: 'ignore' });
}

/** Returns the path of a file of this computer as a program for Windows names it. */
export function toWindowsPath(file) {
  return `Z:${path.resolve(file).replaceAll('/', '\\')}`;
}

function findProgram(...names) {
  const files = names.flatMap((name) => PROGRAM_FOLDERS.map((folder) => path.join(folder, name)));
  return files.find((file) => existsSync(file));
}

function runWith(env, program, ...args) {
  const { status, error } = spawnSync(program, args, { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'inherit'] });
  if (error || status !== 0) throw new Failure(`${[program, ...args].join(' ')} failed: ${error?.message ?? `exit code ${status}`}`);
}

function fail(message) {
  throw new Failure(message);
}
