// The first paint of the popover, recorded picture by picture: what is seen is either the untouched desktop or the finished
// page in its theme, with and without a compositor. Also the edges of the window in both cases.

import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';

import { desktop, useDesktop } from './harness.mjs';
import { LAYOUTS, createData, startMonitor } from './monitor.mjs';
import { colorAt, differingRect, differingShare, recordScreen } from './screen-recording.mjs';
import { waitFor } from './wait.mjs';

/** The area to the right below the panel, in which the popover opens. */
const AREA = { x: 780, y: 31, width: 500, height: 769 };

/** The ground of the page in each theme. Equals `--ground` in ui/src/styles/tokens.css. */
const GROUNDS = { light: '#f5f5f4', dark: '#141517' };

/** The largest share of pixels that changes when a figure of the page changes. */
const MAX_CHANGED_SHARE = 0.04;

/** The distance of the page from the panel and the screen's edge, and the margin in which its shadow is drawn. */
const GAP = 8;
const SHADOW_MARGIN = 24;

/** The time in which the last picture of an opening has been taken, in milliseconds. */
const SETTLE_MS = 600;

/** The openings of each layout whose times are reported. */
const OPENINGS = 5;

for (const compositor of [false, true]) {
  describe(compositor ? 'a desktop that composites' : 'a desktop that does not composite', () => {
    useDesktop({ desktop: { compositor } });
    for (const layout of LAYOUTS) {
      for (const theme of ['light', 'dark']) {
        test(`shows the desktop or the finished ${theme} page, never anything else: ${layout.name}`, async (context) => {
          const monitor = await start(layout, theme);
          const { frames, perSecond, opened } = await recordOpening(monitor);
          const [before, after] = [frames[0].pixels, frames.at(-1).pixels];
          const page = pageRect(differingRect(before, after, AREA.width), compositor);
          context.diagnostic(`${frames.length} different pictures at ${perSecond.toFixed(0)} a second, ${JSON.stringify(page)}`);
          await savePictures(`${layout.popoverIsAProcess ? 'process' : 'window'}-${theme}${compositor ? '-composited' : ''}`, frames);
          assert.equal(colorAt(after, AREA.width, { x: page.x + page.width / 2, y: page.y + 3 }), GROUNDS[theme]);
          for (const [index, { at, pixels }] of frames.entries()) {
            const isUntouched = differingShare(before, pixels, AREA.width, page) === 0;
            const changed = differingShare(after, pixels, AREA.width, page);
            const details = `picture ${index} at ${(at - opened).toFixed(0)} ms differs from the page in ${(changed * 100).toFixed(1)}%`;
            assert.ok(isUntouched || changed <= MAX_CHANGED_SHARE, details);
          }
          await assertEdges(monitor, compositor);
        });
      }

      test(`reports the time from a click to the painted page: ${layout.name}`, async (context) => {
        const monitor = await start(layout, 'auto');
        const times = [];
        for (let opening = 1; opening <= OPENINGS; opening += 1) {
          const clicked = performance.now();
          await monitor.activate();
          await monitor.waitUntilPainted(opening);
          times.push(monitor.child.lineTimes('painted').at(-1) - clicked);
          await monitor.closeWithEscape();
          await monitor.waitUntilDismissed();
        }
        const sorted = times.toSorted((one, other) => one - other);
        context.diagnostic(`click to painted: first ${times[0].toFixed(0)} ms, median ${sorted[OPENINGS >> 1].toFixed(0)} ms`);
      });
    }
  });
}

async function start(layout, theme) {
  const data = createData(desktop);
  appendFileSync(data.env.TOKEN_MONITOR_CONFIG, `display: { theme: ${theme} }\n`);
  data.claude.session().answer();
  const monitor = await startMonitor(desktop, layout, data);
  await waitFor('the message to be counted', async () => (await monitor.runJson('status')).today.totalTokens > 0);
  return monitor;
}

/** Saves the different pictures of an opening in the folder `TOKEN_MONITOR_TEST_PICTURES`, if it is set. */
async function savePictures(name, frames) {
  const folder = process.env.TOKEN_MONITOR_TEST_PICTURES;
  if (!folder) return;
  await desktop.screenshot(path.join(folder, `${name}.png`));
  for (const [index, { pixels }] of frames.entries()) {
    const file = desktop.pathTo('picture.bgra');
    writeFileSync(file, pixels);
    const format = ['-size', `${AREA.width}x${AREA.height}`, '-depth', '8', file, '-alpha', 'off'];
    await desktop.run('convert', [...format, path.join(folder, `${name}-${index}.png`)]);
  }
}

async function recordOpening(monitor) {
  const recording = await recordScreen(desktop, AREA);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const opened = performance.now();
  await monitor.activate();
  await monitor.waitUntilPainted();
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  return { ...(await recording.stop()), opened };
}

/** Returns the rectangle of the page within that of the window and its shadow. */
function pageRect(changed, compositor) {
  assert.ok(changed, 'the popover is visible');
  const top = GAP;
  const right = AREA.width - GAP;
  const width = 380;
  const bottom = compositor ? Math.min(changed.y + changed.height - SHADOW_MARGIN, AREA.height - GAP) : changed.y + changed.height;
  return { x: right - width, y: top, width, height: bottom - top };
}

/** The page is 8 pixels from the panel. With a compositor its window is larger by transparent margins. */
async function assertEdges(monitor, compositor) {
  const window = await monitor.popoverWindow();
  const margin = compositor ? SHADOW_MARGIN : 0;
  const details = JSON.stringify(window);
  assert.equal(window.width, 380 + 2 * margin, details);
  assert.equal(window.y, AREA.y + GAP - margin, details);
  assert.equal(window.x + window.width, desktop.size.width - GAP + margin, details);
}
