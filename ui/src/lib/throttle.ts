// A throttle. Of a burst of values only the latest passes, and the last one is never dropped. A minor change never delays
// another one: a log line that arrives soon after the regular update of the burn rate is shown at once.

/** Shortest time between two values, in milliseconds: faster updates flicker. */
export const DEFAULT_INTERVAL = 250;

export interface Throttle<T> {
  push(value: T): void;
  /** Applies the pending value at once. */
  flush(): void;
  stop(): void;
}

export interface ThrottleOptions<T> {
  interval?: number;
  /** Returns true if a value is a minor change of the last one that passed. By default no change is minor. */
  isMinor?: (value: T, last: T) => boolean;
}

/** Applies values at most every `interval` milliseconds. Minor changes do not start an interval for the others. */
export function throttle<T>(apply: (value: T) => void, options: ThrottleOptions<T> = {}): Throttle<T> {
  const { interval = DEFAULT_INTERVAL, isMinor = () => false } = options;
  let pending: { value: T } | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last: { value: T; at: number } | null = null;
  let lastMajorAt = 0;

  const timeUntilAllowed = (value: T) => {
    if (!last) return 0;
    return (isMinor(value, last.value) ? last.at : lastMajorAt) + interval - performance.now();
  };
  const pass = (value: T) => {
    clearTimeout(timer);
    pending = null;
    const at = performance.now();
    if (!last || !isMinor(value, last.value)) lastMajorAt = at;
    last = { value, at };
    apply(value);
  };
  const flush = () => {
    if (pending) pass(pending.value);
  };
  const push = (value: T) => {
    const wait = timeUntilAllowed(value);
    if (wait <= 0) return pass(value);
    pending = { value };
    clearTimeout(timer);
    timer = setTimeout(flush, wait);
  };
  return { push, flush, stop: () => clearTimeout(timer) };
}
