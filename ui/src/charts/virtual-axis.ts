// Items of different sizes axis one axis: their positions, and the items in view. Pure. Used for the columns of a
// chart and the rows of a list.

export interface VirtualAxis {
  /** The start of each item, followed by the end of the last one. */
  readonly starts: readonly number[];
  readonly count: number;
  readonly length: number;
}

/** The items from `first` up to, but not including, `end`. */
export interface Span {
  first: number;
  end: number;
}

export function createVirtualAxis(sizes: readonly number[]): VirtualAxis {
  const starts = [0];
  let length = 0;
  for (const size of sizes) starts.push((length += size));
  return { starts, count: sizes.length, length };
}

export function startOf(axis: VirtualAxis, index: number): number {
  return axis.starts[index] ?? axis.length;
}

export function sizeOf(axis: VirtualAxis, index: number): number {
  return startOf(axis, index + 1) - startOf(axis, index);
}

/** Returns the item at a position, clamped to the first and last item; -1 if there are no items. */
export function indexAt(axis: VirtualAxis, position: number): number {
  let [low, high] = [0, axis.count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (startOf(axis, middle + 1) > position) high = middle;
    else low = middle + 1;
  }
  return Math.min(low, axis.count - 1);
}

/** Returns the items in view, with a margin on both sides so that fast scrolling shows no blank area. */
export function visibleSpan(axis: VirtualAxis, from: number, length: number, margin: number): Span {
  if (axis.count === 0) return { first: 0, end: 0 };
  return { first: indexAt(axis, Math.max(0, from - margin)), end: indexAt(axis, from + length + margin) + 1 };
}

/** Returns the scroll position that brings an item fully into view; unchanged if it already is. */
export function scrollToReveal(axis: VirtualAxis, index: number, from: number, length: number): number {
  const start = startOf(axis, index);
  if (start < from) return start;
  return Math.max(from, startOf(axis, index + 1) - length);
}
