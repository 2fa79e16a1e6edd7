// Round figures for an axis, and which lines across it can be shown. Pure: numbers in, numbers out.
// It refuses to begin anywhere but at nought: a column that is cut off at its foot lies about its share.

/** From nought to `top`, with a round figure at each tick; `top` is one of them. */
export interface Scale {
  top: number;
  /** Without nought. */
  ticks: readonly number[];
}

/** Steps people count in. */
const ROUND = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** A scale that holds `most`, with about as many ticks as wished: one more where that leaves less room empty. Of nothing there is a scale to one. */
export function scale(most: number, about = 3): Scale {
  if (!(most > 0)) return { top: 1, ticks: [1] };
  const [few, more] = [ticked(most, about), ticked(most, about + 1)];
  return more.top < few.top * (1 - 1e-9) ? more : few;
}

function ticked(most: number, about: number): Scale {
  const step = roundUp(most / about);
  // A hair of tolerance: 0.1 + 0.2 is not to need a tick of its own.
  const count = Math.max(1, Math.ceil(most / step - 1e-9));
  const ticks = Array.from({ length: count }, (_, index) => step * (index + 1));
  return { top: step * count, ticks };
}

function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = ROUND.find((round) => round * power >= value * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** How far up a value stands, nought to one; what is there but small is still seen. */
export function heightOf(value: number, top: number, least = 0): number {
  if (!(value > 0) || !(top > 0)) return 0;
  return Math.min(1, Math.max(least, value / top));
}

/** A line across a chart; what it is called, and how it looks, by its name. */
export interface Mark {
  name: string;
  value: number;
}

/** A limit this many times what is drawn would press everything to the floor. */
const OUT_OF_SIGHT = 4;

/** The marks a chart can show without hiding what it is about. */
export function inSight<M extends Mark>(marks: readonly M[], most: number): M[] {
  return marks.filter((mark) => mark.value > 0 && mark.value <= most * OUT_OF_SIGHT);
}

/** The steps of a heatmap that is not empty: quarters of the days there are, so that one great day does not pale the rest. */
export type Heat = 0 | 1 | 2 | 3 | 4;

/** Makes the function that names a value's step among all values. */
export function heat(values: readonly number[]): (value: number) => Heat {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b);
  const quarter = (part: number) => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
  const edges = [quarter(0.25), quarter(0.5), quarter(0.75)];
  return (value) => (value > 0 ? ((1 + edges.filter((edge) => value > edge).length) as Heat) : 0);
}
