// Waiting for a condition. Every wait has a description and a deadline; nothing sleeps for a fixed time and assumes that
// the condition holds afterwards.

import { setTimeout as sleep } from 'node:timers/promises';

/** Default deadline: long enough for one step on a machine under load. */
const DEFAULT_TIMEOUT_MS = 15_000;

/** Interval between two checks. */
const POLL_INTERVAL_MS = 30;

/**
 * Calls `check` repeatedly until it returns a truthy value, and returns that value.
 * An exception counts as "not yet"; the last one becomes the cause of the timeout error.
 */
export async function waitFor(description, check, timeoutMs = DEFAULT_TIMEOUT_MS) {
  const deadline = Date.now() + timeoutMs;
  let lastError;
  for (;;) {
    const result = await attempt(check, (error) => (lastError = error));
    if (result) return result;
    if (Date.now() > deadline) throw timeoutError(description, timeoutMs, lastError);
    await sleep(POLL_INTERVAL_MS);
  }
}

/** Waits until `readValue` returns something other than `before`, and returns the new value. */
export async function waitForChange(description, before, readValue, timeoutMs = DEFAULT_TIMEOUT_MS) {
  let now;
  await waitFor(`${description} to change`, async () => (now = await readValue()) !== before, timeoutMs);
  return now;
}

/** Checks for the whole duration, and fails as soon as `check` returns a truthy value. */
export async function assertNever(description, check, durationMs) {
  const end = Date.now() + durationMs;
  while (Date.now() < end) {
    if (await check()) throw new Error(`this must not happen: ${description}`);
    await sleep(POLL_INTERVAL_MS);
  }
}

async function attempt(check, onError) {
  try {
    return await check();
  } catch (error) {
    onError(error);
    return undefined;
  }
}

function timeoutError(description, timeoutMs, cause) {
  const reason = cause ? ` (last error: ${cause.message})` : '';
  return new Error(`timed out after ${timeoutMs} ms waiting for ${description}${reason}`, { cause });
}
