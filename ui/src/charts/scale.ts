// Round axis scales, and the reference lines that fit a chart. Pure. Every scale starts at 0, because a truncated
// column misrepresents its share.

/** A scale from 0 to `top`, with round figures at its ticks. The last tick is `top`. */
export interface Scale {
  top: number;
  /** Without 0. */
  ticks: readonly number[];
}

/** The round figures a tick distance may have, before its power of ten. */
const ROUND_STEPS = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/**
 * Returns a scale that contains `highest` with about as many ticks as requested: one more if that leaves less empty space.
 * A maximum of 0 or NaN gives a scale to 1.
 */
export function createScale(highest: number, tickCount = 3): Scale {
  if (!(highest > 0)) return { top: 1, ticks: [1] };
  const [few, more] = [createTicks(highest, tickCount), createTicks(highest, tickCount + 1)];
  return more.top < few.top * (1 - 1e-9) ? more : few;
}

function createTicks(highest: number, tickCount: number): Scale {
  const step = roundUp(highest / tickCount);
  // Tolerance for rounding errors: 0.1 + 0.2 must not need a tick of its own.
  const count = Math.max(1, Math.ceil(highest / step - 1e-9));
  const ticks = Array.from({ length: count }, (_, index) => step * (index + 1));
  return { top: step * count, ticks };
}

function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = ROUND_STEPS.find((round) => round * power >= value * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Returns the height of a value from 0 to 1; a positive value is at least `min`. */
export function heightRatio(value: number, top: number, min = 0): number {
  if (!(value > 0) || !(top > 0)) return 0;
  return Math.min(1, Math.max(min, value / top));
}

/** A horizontal line across a chart. Its name selects its label and its style. */
export interface ReferenceLine {
  name: string;
  value: number;
}

/** The factor above the drawn maximum up to which a line is shown. A higher line would flatten the chart. */
const MAX_OVERSHOOT = 4;

/** Returns the lines that can be shown without flattening the chart. */
export function visibleLines<M extends ReferenceLine>(lines: readonly M[], highest: number): M[] {
  return lines.filter((line) => line.value > 0 && line.value <= highest * MAX_OVERSHOOT);
}

/**
 * The step of a heatmap cell: 0 for an empty day, otherwise the quartile among the days with usage, so that one extreme
 * day does not fade out the rest.
 */
export type HeatStep = 0 | 1 | 2 | 3 | 4;

/** Returns a function that maps a value to its step among all values. */
export function createHeatScale(values: readonly number[]): (value: number) => HeatStep {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b);
  const quantile = (part: number) => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
  const edges = [quantile(0.25), quantile(0.5), quantile(0.75)];
  return (value) => (value > 0 ? ((1 + edges.filter((edge) => value > edge).length) as HeatStep) : 0);
}
