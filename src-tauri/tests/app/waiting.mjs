// Waiting for something to become true. Every wait names what it waits for and has a deadline; nothing here
// sleeps for a fixed time and hopes.

import { setTimeout as pause } from 'node:timers/promises';

/** How long a desktop that is under load may take for one step. */
const PATIENCE_MS = 15_000;

/** Short against what a person notices, long against what one look costs. */
const LOOK_EVERY_MS = 30;

/**
 * Looks again and again until `look` returns something truthy, and returns that.
 * A look that throws counts as "not yet"; its last error explains the failure.
 */
export async function until(what, look, within = PATIENCE_MS) {
  const deadline = Date.now() + within;
  let lastError;
  for (;;) {
    const seen = await attempt(look, (error) => (lastError = error));
    if (seen) return seen;
    if (Date.now() > deadline) throw tooLate(what, within, lastError);
    await pause(LOOK_EVERY_MS);
  }
}

/** Looks until the answer differs from `before`, and returns the new answer. */
export async function untilChanged(what, before, look, within = PATIENCE_MS) {
  let now;
  await until(`${what} to change`, async () => (now = await look()) !== before, within);
  return now;
}

/** Watches for the whole of `during` and fails as soon as `look` is truthy: for what must not happen. */
export async function never(what, look, during) {
  const end = Date.now() + during;
  while (Date.now() < end) {
    if (await look()) throw new Error(`this must not happen: ${what}`);
    await pause(LOOK_EVERY_MS);
  }
}

async function attempt(look, onError) {
  try {
    return await look();
  } catch (error) {
    onError(error);
    return undefined;
  }
}

function tooLate(what, within, cause) {
  const reason = cause ? ` (last: ${cause.message})` : '';
  return new Error(`waited ${within} ms in vain for ${what}${reason}`, { cause });
}
