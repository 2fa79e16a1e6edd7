// A throttle. The first value passes at once, and after a pause also a second one: a change soon after the regular update is
// shown without a delay. Of a burst only the latest value passes, and the last one is never dropped.

/** Mean time between two values, in milliseconds: faster updates flicker. */
export const DEFAULT_INTERVAL = 250;

export interface Throttle<T> {
  push(value: T): void;
  /** Applies the pending value at once. */
  flush(): void;
  stop(): void;
}

/** Applies at most one value per `interval` milliseconds, or two in twice that time. */
export function throttle<T>(apply: (value: T) => void, interval = DEFAULT_INTERVAL): Throttle<T> {
  let pending: { value: T } | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let maySendSecond = true;

  const release = () => {
    timer = undefined;
    if (pending) pass(pending.value, interval);
    else maySendSecond = true;
  };
  const pass = (value: T, pause: number) => {
    pending = null;
    clearTimeout(timer);
    timer = setTimeout(release, pause);
    apply(value);
  };
  const push = (value: T) => {
    if (timer === undefined) return pass(value, interval);
    if (!maySendSecond) return void (pending = { value });
    maySendSecond = false;
    pass(value, 2 * interval);
  };
  const flush = () => {
    clearTimeout(timer);
    release();
  };
  return { push, flush, stop: () => clearTimeout(timer) };
}
