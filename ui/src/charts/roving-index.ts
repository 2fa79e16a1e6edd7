// Keyboard navigation for a roving tabindex over a chart. Pure. Time runs from left to right in every language, so the
// left arrow always moves to the earlier item.

/** The arrangement of the items, latest first. */
export interface RovingLayout {
  count: number;
  /** The number of items between an item and its neighbor to the left: 1 for columns, 7 for weeks. */
  step: number;
  /** The number of items that Page Up and Page Down move by. */
  pageSize: number;
}

/** Returns the index a key moves to, counted back from the latest item; null for a key that does not move. */
export function nextIndex(key: string, from: number, { count, step, pageSize }: RovingLayout): number | null {
  const offsets: Record<string, number> = {
    ArrowLeft: step,
    ArrowRight: -step,
    PageUp: pageSize,
    PageDown: -pageSize,
    Home: count,
    End: -count,
    ...(step > 1 ? { ArrowUp: 1, ArrowDown: -1 } : {}),
  };
  const offset = Object.hasOwn(offsets, key) ? (offsets[key] ?? null) : null;
  if (offset === null || count === 0) return null;
  return Math.min(count - 1, Math.max(0, from + offset));
}
