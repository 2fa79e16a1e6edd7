// Holds back what comes too fast. The first value passes at once, of a burst only the newest;
// it refuses to drop the last one, however long the burst.

/** Four updates a second: faster than that, figures flicker instead of moving. */
export const FIGURE_PACE = 250;

export interface Pace<T> {
  offer(value: T): void;
  /** Applies what is held back at once. */
  flush(): void;
  stop(): void;
}

/** Applies values at most once per `interval` milliseconds. */
export function pace<T>(apply: (value: T) => void, interval = FIGURE_PACE): Pace<T> {
  let held: { value: T } | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const release = () => {
    timer = undefined;
    if (held) pass(held.value);
  };
  const pass = (value: T) => {
    held = null;
    timer = setTimeout(release, interval);
    apply(value);
  };
  const offer = (value: T) => {
    if (timer === undefined) pass(value);
    else held = { value };
  };
  const flush = () => {
    clearTimeout(timer);
    release();
  };
  return { offer, flush, stop: () => clearTimeout(timer) };
}
