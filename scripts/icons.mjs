// `npm run icons`: renders every icon of the packages from `icons/icon.svg`. Formats for phones are discarded.

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { ROOT, main, npm } from './lib/run.mjs';

/** The files that the packages use; `icon.png` is for documents. */
const ICON_FILES = ['32x32.png', '128x128.png', '128x128@2x.png', 'icon.icns', 'icon.ico', 'icon.png'];

await main(() => {
  const folder = mkdtempSync(path.join(tmpdir(), 'token-monitor-icons-'));
  try {
    npm('tauri', 'icon', path.join(ROOT, 'icons/icon.svg'), '--output', folder);
    for (const name of ICON_FILES) copyFileSync(path.join(folder, name), path.join(ROOT, 'icons', name));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
