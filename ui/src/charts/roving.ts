// One thing of many has the keyboard: which one a key leads to. Pure.
// Time runs from left to right in every language here, as it does on a sheet of paper with a curve on it;
// so the left arrow is always the earlier one.

/** How things lie: the latest first, `line` of them one above the other (one for a row of columns). */
export interface Layout {
  count: number;
  /** How many one step to the left or right passes over. */
  line: number;
  /** How many a page is. */
  page: number;
}

/** Where a key leads from the one it is at, counted back from the latest; null for a key that does not move. */
export function ledTo(key: string, from: number, { count, line, page }: Layout): number | null {
  const steps: Record<string, number> = {
    ArrowLeft: line,
    ArrowRight: -line,
    PageUp: page,
    PageDown: -page,
    Home: count,
    End: -count,
    ...(line > 1 ? { ArrowUp: 1, ArrowDown: -1 } : {}),
  };
  const step = Object.hasOwn(steps, key) ? (steps[key] ?? null) : null;
  if (step === null || count === 0) return null;
  return Math.min(count - 1, Math.max(0, from + step));
}
