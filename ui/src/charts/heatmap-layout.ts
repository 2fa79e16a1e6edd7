// The layout of a year of weeks: one row if its squares are large enough, otherwise two rows with the earlier half on
// top. Pure.

/** The side of a day's cell in pixels: smaller cells are unreadable, larger ones too dominant. */
const [MIN_SIDE, MAX_SIDE] = [5, 13];

/** The minimum side in pixels for a single row. */
const MIN_SINGLE_ROW_SIDE = 9;

/** The height of the month labels above each row, in pixels. */
export const MONTH_LABEL_HEIGHT = 16;

/** The gap between two rows, in pixels. */
const ROW_GAP = 6;

const DAYS_PER_WEEK = 7;

export interface HeatmapLayout {
  /** The number of weeks in a row. */
  weeksPerRow: number;
  /** The side of a day's cell, in whole pixels. */
  side: number;
  /** The top of each row of squares, in pixels. */
  rowTops: readonly number[];
  height: number;
}

export function layoutHeatmap(width: number, weeks: number): HeatmapLayout {
  const count = width / Math.max(1, weeks) < MIN_SINGLE_ROW_SIDE ? 2 : 1;
  const each = Math.max(1, Math.ceil(weeks / count));
  const side = Math.min(MAX_SIDE, Math.max(MIN_SIDE, Math.floor(width / each)));
  const row = MONTH_LABEL_HEIGHT + DAYS_PER_WEEK * side;
  const rowTops = Array.from({ length: count }, (_, band) => band * (row + ROW_GAP) + MONTH_LABEL_HEIGHT);
  return { weeksPerRow: each, side, rowTops, height: count * row + (count - 1) * ROW_GAP };
}

export function rowTop(bands: HeatmapLayout, band: number): number {
  return bands.rowTops[band] ?? 0;
}
