// Records an area of the private screen at more than 60 pictures a second.

import { setTimeout as sleep } from 'node:timers/promises';

import { connectToDisplay } from './x-client.mjs';

/** In milliseconds: 80 pictures a second, since each one takes a moment. */
const FRAME_INTERVAL = 12.5;

/** A color of the desktop that no program uses, so that every window is seen. */
const DESKTOP_COLOR = 0x2f6f8f;

/** Starts a recording. `stop()` ends it and returns its pictures. */
export async function recordScreen(desktop, area) {
  const client = await connectToDisplay(desktop.env.DISPLAY);
  client.fillRoot(DESKTOP_COLOR);
  await sleep(200);
  const frames = [];
  let count = 0;
  let isStopped = false;
  const startedAt = performance.now();
  const run = async () => {
    for (let next = startedAt; !isStopped; next = Math.max(next + FRAME_INTERVAL, performance.now())) {
      await sleep(Math.max(0, next - performance.now()));
      const at = performance.now();
      const pixels = await client.readPixels(area);
      count += 1;
      // Equal pictures are kept once.
      if (frames.length === 0 || !frames.at(-1).pixels.equals(pixels)) frames.push({ at, pixels: Buffer.from(pixels) });
    }
  };
  const finished = run();
  return {
    async stop() {
      isStopped = true;
      await finished;
      const perSecond = (count * 1_000) / (performance.now() - startedAt);
      client.close();
      return { area, frames, perSecond };
    },
  };
}

/** Returns the smallest rectangle that contains all differing pixels of two pictures; null if they are equal. */
export function differingRect(one, other, width) {
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  for (let at = 0; at < one.length; at += 4) {
    if (!isSamePixel(one, other, at)) {
      const [x, y] = [(at / 4) % width, Math.floor(at / 4 / width)];
      [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
    }
  }
  return right < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** Returns the share of the pixels in a rectangle that differ, from 0 to 1. */
export function differingShare(one, other, width, rect) {
  let differing = 0;
  for (let y = rect.y; y < rect.y + rect.height; y += 1) {
    for (let x = rect.x; x < rect.x + rect.width; x += 1) {
      if (!isSamePixel(one, other, 4 * (y * width + x))) differing += 1;
    }
  }
  return differing / (rect.width * rect.height);
}

/** Returns the color of a pixel as `#rrggbb`. */
export function colorAt(pixels, width, { x, y }) {
  const at = 4 * (y * width + x);
  return `#${[2, 1, 0].map((part) => pixels[at + part].toString(16).padStart(2, '0')).join('')}`;
}

function isSamePixel(one, other, at) {
  return one[at] === other[at] && one[at + 1] === other[at + 1] && one[at + 2] === other[at + 2];
}
