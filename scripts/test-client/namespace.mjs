// Sets up the namespaces of the test: its own loopback device, and its own `/tmp`, because Claude Code writes there
// whatever `TMPDIR` is. Both end with the processes in them.

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';

const SYSTEM_TMP = '/tmp';

/** Turns on the loopback device and replaces `/tmp` by an empty folder, in which only `folder` is still present. */
export function setUpNamespace(folder) {
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
  const emptyTmp = path.join(folder, 'system-tmp');
  mkdirSync(emptyTmp);
  mount('-t', 'tmpfs', '-o', 'mode=1777', 'tmpfs', emptyTmp);
  const relative = path.relative(SYSTEM_TMP, folder);
  if (!relative.startsWith('..')) {
    const target = path.join(emptyTmp, relative);
    mkdirSync(target, { recursive: true });
    mount('--bind', folder, target);
  }
  mount('--rbind', emptyTmp, SYSTEM_TMP);
}

function mount(...args) {
  execFileSync('mount', args);
}
