// `npm run icons`: draws every icon of the packages anew from the one picture, `icons/icon.svg`. Formats for phones,
// which this app does not run on, are thrown away.

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { ROOT, main, npm } from './steps.mjs';

/** What the packages use; `icon.png` is for people. */
const WANTED = ['32x32.png', '128x128.png', '128x128@2x.png', 'icon.icns', 'icon.ico', 'icon.png'];

await main(() => {
  const folder = mkdtempSync(path.join(tmpdir(), 'token-monitor-icons-'));
  try {
    npm('tauri', 'icon', path.join(ROOT, 'icons/icon.svg'), '--output', folder);
    for (const name of WANTED) copyFileSync(path.join(folder, name), path.join(ROOT, 'icons', name));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
