// Polling.

/** Waits until `check` returns something true. Returns that value, or null after `timeout` milliseconds. */
export async function waitFor(check, timeout, interval = 50) {
  const end = performance.now() + timeout;
  for (;;) {
    const value = await check();
    if (value) return value;
    if (performance.now() >= end) return null;
    await new Promise((resolve) => setTimeout(resolve, interval));
  }
}
