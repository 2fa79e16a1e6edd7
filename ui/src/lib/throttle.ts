// A throttle. The first value passes at once; of a burst only the latest value passes, and the last one is never
// dropped.

/** Milliseconds between two values: faster updates flicker. */
export const DEFAULT_INTERVAL = 250;

export interface Throttle<T> {
  push(value: T): void;
  /** Applies the pending value at once. */
  flush(): void;
  stop(): void;
}

/** Applies values at most once per `interval` milliseconds. */
export function throttle<T>(apply: (value: T) => void, interval = DEFAULT_INTERVAL): Throttle<T> {
  let pending: { value: T } | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const release = () => {
    timer = undefined;
    if (pending) pass(pending.value);
  };
  const pass = (value: T) => {
    pending = null;
    timer = setTimeout(release, interval);
    apply(value);
  };
  const push = (value: T) => {
    if (timer === undefined) pass(value);
    else pending = { value };
  };
  const flush = () => {
    clearTimeout(timer);
    release();
  };
  return { push, flush, stop: () => clearTimeout(timer) };
}
