// The layout of a year of weeks in one row. Pure.

/** The maximum side of a day's cell in pixels; larger ones are too dominant. */
const MAX_SIDE = 21;

/** The gap between two squares in pixels, for narrow and for wide cells. */
const [NARROW_GAP, WIDE_GAP] = [1, 2];
const MIN_WIDE_SIDE = 10;

const DAYS_PER_WEEK = 7;

export interface HeatmapLayout {
  /** The side of a day's cell with its gap, in pixels. */
  side: number;
  /** The side of the square, in pixels. */
  square: number;
  width: number;
  height: number;
}

export function layoutHeatmap(width: number, weeks: number): HeatmapLayout {
  const side = Math.min(MAX_SIDE, Math.max(1, width / Math.max(1, weeks)));
  const gap = side >= MIN_WIDE_SIDE ? WIDE_GAP : NARROW_GAP;
  return { side, square: Math.max(1, side - gap), width: side * weeks, height: side * DAYS_PER_WEEK };
}
