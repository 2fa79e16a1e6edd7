// Runs `npm start`, waits until the app has started, interrupts it as Ctrl-C does, and checks that it ends in order.
// Part of scripts/test-bare.sh.

import { spawn } from 'node:child_process';

/** Long enough for a release build on two cores. */
const BUILD_TIMEOUT_MS = 60 * 60_000;

const child = spawn('npm', ['start'], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), BUILD_TIMEOUT_MS);
let output = '';
let interrupted = false;

child.stdout.on('data', (chunk) => {
  process.stdout.write(chunk);
  output += chunk;
  if (interrupted || !output.includes('press Ctrl-C here')) return;
  interrupted = true;
  // Ctrl-C reaches every process of the terminal's foreground group.
  process.kill(-child.pid, 'SIGINT');
});

// Unlike `exit`, `close` comes after the last line of the output.
child.on('close', (code, signal) => {
  clearTimeout(timer);
  if (output.includes('Token Monitor has ended')) return;
  console.error(`npm start did not end in order: ${signal ?? code}`);
  process.exitCode = 1;
});
