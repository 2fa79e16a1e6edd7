// Things of different sizes in a row: where each begins, and which are in view. Pure; it knows no pixels' meaning.
// The columns of a chart lie along one, and so do the rows of a list.

export interface Track {
  /** Where each begins; one more at the end, where the next one would. */
  readonly starts: readonly number[];
  readonly count: number;
  readonly length: number;
}

/** From `first` up to, not including, `end`. */
export interface Span {
  first: number;
  end: number;
}

export function track(sizes: readonly number[]): Track {
  const starts = [0];
  let length = 0;
  for (const size of sizes) starts.push((length += size));
  return { starts, count: sizes.length, length };
}

export function startOf(along: Track, index: number): number {
  return along.starts[index] ?? along.length;
}

export function sizeOf(along: Track, index: number): number {
  return startOf(along, index + 1) - startOf(along, index);
}

/** What lies at a place; the first or the last beyond the ends. -1 where there is nothing at all. */
export function indexAt(along: Track, place: number): number {
  let [low, high] = [0, along.count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (startOf(along, middle + 1) > place) high = middle;
    else low = middle + 1;
  }
  return Math.min(low, along.count - 1);
}

/** What is in view, and a margin on either side so that a quick scroll does not show ground. */
export function inView(along: Track, from: number, length: number, margin: number): Span {
  if (along.count === 0) return { first: 0, end: 0 };
  return { first: indexAt(along, Math.max(0, from - margin)), end: indexAt(along, from + length + margin) + 1 };
}

/** Where to scroll so that one is wholly seen; where it is already, nothing moves. */
export function reveal(along: Track, index: number, from: number, length: number): number {
  const start = startOf(along, index);
  if (start < from) return start;
  return Math.max(from, startOf(along, index + 1) - length);
}
