// Completions and manual pages, written by the command itself.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { read, run } from '../run.mjs';

/** The shells and the names of their completions. */
const COMPLETIONS = {
  bash: 'token-monitor.bash',
  elvish: 'token-monitor.elv',
  fish: 'token-monitor.fish',
  powershell: 'token-monitor.ps1',
  zsh: '_token-monitor',
};

/** Writes the completions to `completions` and the manual pages to `man1`, both in `folder`. */
export function writeShellFiles(program, folder) {
  const completions = path.join(folder, 'completions');
  mkdirSync(completions, { recursive: true });
  for (const [shell, file] of Object.entries(COMPLETIONS)) {
    writeFileSync(path.join(completions, file), read(program, 'completions', shell));
  }
  run(program, 'man', '--output', path.join(folder, 'man1'));
}
