// The positions of the rows in the session list, one of which may be expanded. Pure; units are pixels.

/** The height of a row; equals `--row` in the style sheet. */
export const ROW_HEIGHT = 44;

/** Rows drawn above and below the view, so that fast scrolling shows no blank area. */
const OVERSCAN_ROWS = 8;

/** The expanded row, and the height of its panel. */
export interface ExpandedRow {
  index: number;
  extraHeight: number;
}

/** The rows from `first` up to, but not including, `end`. */
export interface RowSpan {
  first: number;
  end: number;
}

export function rowTop(index: number, opened: ExpandedRow | null): number {
  const above = opened !== null && opened.index < index ? opened.extraHeight : 0;
  return index * ROW_HEIGHT + above;
}

export function listHeight(count: number, opened: ExpandedRow | null): number {
  return rowTop(count, opened);
}

/** Returns the row at a height; beyond the end an index past the last row. */
export function rowAt(y: number, opened: ExpandedRow | null): number {
  const below = opened !== null && y >= rowTop(opened.index + 1, opened);
  if (below) return Math.floor((y - opened.extraHeight) / ROW_HEIGHT);
  const row = Math.floor(y / ROW_HEIGHT);
  return opened === null ? row : Math.min(row, opened.index);
}

/** Returns the rows to draw for a scroll position. */
export function visibleRows(scrolled: number, height: number, count: number, opened: ExpandedRow | null): RowSpan {
  const first = Math.max(0, rowAt(Math.max(0, scrolled), opened) - OVERSCAN_ROWS);
  const end = Math.min(count, rowAt(scrolled + height, opened) + 1 + OVERSCAN_ROWS);
  return { first: Math.min(first, end), end };
}

/** Returns the scroll position that brings a row fully into view; unchanged if it already is. */
export function scrollToReveal(index: number, scrolled: number, height: number, opened: ExpandedRow | null): number {
  const top = rowTop(index, opened);
  if (top < scrolled) return top;
  return Math.max(scrolled, top + ROW_HEIGHT - height);
}
