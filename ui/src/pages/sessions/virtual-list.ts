// The positions of the rows in the session list: some rows have a heading above them, and one row may have an edit form below it. Pure; units
// are pixels.

/** The height of a row; equals `--row` in the style sheet. */
export const ROW_HEIGHT = 48;

/** The height of a heading; equals that of `.session-list__heading` in the style sheet. */
export const HEADING_HEIGHT = 30;

/** Rows drawn above and below the view, so that fast scrolling shows no blank area. */
const OVERSCAN_ROWS = 8;

/** The row with a form, and the height of the form. */
export interface ExpandedRow {
  index: number;
  extraHeight: number;
}

/** The rows with something above or below them. */
export interface ListLayout {
  opened: ExpandedRow | null;
  /** The indexes of the rows below a heading, ascending. */
  headings: readonly number[];
}

/** The rows from `first` up to, but not including, `end`. */
export interface RowSpan {
  first: number;
  end: number;
}

/** Returns the top of a row, below its heading. */
export function rowTop(index: number, { opened, headings }: ListLayout): number {
  const panel = opened !== null && opened.index < index ? opened.extraHeight : 0;
  return index * ROW_HEIGHT + headings.filter((heading) => heading <= index).length * HEADING_HEIGHT + panel;
}

export function listHeight(count: number, layout: ListLayout): number {
  // A heading always has a row below it.
  return rowTop(count, { ...layout, headings: layout.headings.filter((heading) => heading < count) });
}

/** Returns the row at a height; beyond the end an index past the last row. A heading belongs to the row below it. */
export function rowAt(y: number, layout: ListLayout): number {
  let index = Math.max(0, Math.floor((y - layout.headings.length * HEADING_HEIGHT - (layout.opened?.extraHeight ?? 0)) / ROW_HEIGHT));
  while (y >= rowTop(index, layout) + ROW_HEIGHT + (layout.opened?.index === index ? layout.opened.extraHeight : 0)) index += 1;
  return index;
}

/** Returns the rows to draw for a scroll position. */
export function visibleRows(scrolled: number, height: number, count: number, layout: ListLayout): RowSpan {
  const first = Math.max(0, rowAt(Math.max(0, scrolled), layout) - OVERSCAN_ROWS);
  const end = Math.min(count, rowAt(scrolled + height, layout) + 1 + OVERSCAN_ROWS);
  return { first: Math.min(first, end), end };
}

/** Returns the scroll position that brings a row, with its heading, fully into view; unchanged if it already is. */
export function scrollToReveal(index: number, scrolled: number, height: number, layout: ListLayout): number {
  const top = rowTop(index, layout);
  const start = layout.headings.includes(index) ? top - HEADING_HEIGHT : top;
  if (start < scrolled) return start;
  return Math.max(scrolled, top + ROW_HEIGHT - height);
}
