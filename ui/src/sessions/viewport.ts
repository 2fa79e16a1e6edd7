// Which rows of a long list are on screen, where one may be opened and taller than the rest.
// Pure: it counts pixels, and knows neither the rows nor the scroller.

/** Two lines of text and their padding; the style sheet's `--row` says the same. */
export const ROW = 44;

/** Rows drawn above and below the screen, so that a quick scroll does not show ground. */
const MARGIN = 8;

/** The one row that is open, and how much taller that makes it. */
export interface Opened {
  index: number;
  extra: number;
}

/** Rows from `first` up to, not including, `end`. */
export interface Span {
  first: number;
  end: number;
}

export function rowTop(index: number, opened: Opened | null): number {
  const above = opened !== null && opened.index < index ? opened.extra : 0;
  return index * ROW + above;
}

export function listHeight(count: number, opened: Opened | null): number {
  return rowTop(count, opened);
}

/** The row at a height; past the end it is past the last row. */
export function rowAt(y: number, opened: Opened | null): number {
  const below = opened !== null && y >= rowTop(opened.index + 1, opened);
  if (below) return Math.floor((y - opened.extra) / ROW);
  const row = Math.floor(y / ROW);
  return opened === null ? row : Math.min(row, opened.index);
}

/** The rows to draw for a scroll position. */
export function span(scrolled: number, height: number, count: number, opened: Opened | null): Span {
  const first = Math.max(0, rowAt(Math.max(0, scrolled), opened) - MARGIN);
  const end = Math.min(count, rowAt(scrolled + height, opened) + 1 + MARGIN);
  return { first: Math.min(first, end), end };
}

/** Where to scroll so that a row is wholly seen; where it is already, nothing moves. */
export function reveal(index: number, scrolled: number, height: number, opened: Opened | null): number {
  const top = rowTop(index, opened);
  if (top < scrolled) return top;
  return Math.max(scrolled, top + ROW - height);
}
