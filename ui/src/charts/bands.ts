// How a year of weeks is laid out: in one row where its squares can be told apart, else in two halves, one above the other.
// Pure: a width in, places out.

/** Squares smaller than this are dots; larger than this they shout. */
const [LEAST, MOST] = [5, 13];

/** In one row a year's squares are to be at least this large. */
const LEGIBLE = 9;

/** The line over each row for the names of months. */
export const MONTHS = 16;

/** Between two rows. */
const BETWEEN = 6;

const DAYS = 7;

export interface Bands {
  /** Weeks in a row. */
  weeks: number;
  /** A day's place, in whole pixels. */
  side: number;
  /** Where each row of squares begins. */
  tops: readonly number[];
  height: number;
}

export function banded(width: number, weeks: number): Bands {
  const count = width / Math.max(1, weeks) < LEGIBLE ? 2 : 1;
  const each = Math.max(1, Math.ceil(weeks / count));
  const side = Math.min(MOST, Math.max(LEAST, Math.floor(width / each)));
  const row = MONTHS + DAYS * side;
  const tops = Array.from({ length: count }, (_, band) => band * (row + BETWEEN) + MONTHS);
  return { weeks: each, side, tops, height: count * row + (count - 1) * BETWEEN };
}

export function bandTop(bands: Bands, band: number): number {
  return bands.tops[band] ?? 0;
}
