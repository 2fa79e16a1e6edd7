// The geometry of the burn-up chart. Pure; units are pixels.

/** A point of the cumulative usage. */
export interface BurnUpPoint {
  /** Milliseconds since 1970. */
  at: number;
  value: number;
}

/** The usage so far, in order of time. */
export type BurnUpCurve = readonly BurnUpPoint[];

const MINUTE = 60_000;

/** The length of a step of a block's curve. */
const STEP = 15 * MINUTE;

export interface CurveInputs {
  /** The start of the block and the end of its last minute, in milliseconds since 1970. */
  start: number;
  now: number;
  /** The usage at `now`. */
  total: number;
  /** The usage by the end of each quarter of an hour since the start. */
  steps: readonly number[];
  /** The usage of the last minutes, which end at `now`. */
  minutes: readonly number[];
}

/** Returns the cumulative usage of a block: in quarters of an hour, and minute by minute where the minutes are known. */
export function burnUpCurve({ start, now, total, steps, minutes }: CurveInputs): BurnUpCurve {
  const known: BurnUpPoint[] = [{ at: now, value: total }];
  let value = total;
  for (let back = 1; back <= minutes.length; back += 1) {
    const at = now - back * MINUTE;
    if (at <= start) break;
    value = Math.max(0, value - (minutes[minutes.length - back] ?? 0));
    known.unshift({ at, value });
  }
  const first = known[0] ?? { at: now, value: total };
  const earlier = steps.map((step, index) => ({ at: start + (index + 1) * STEP, value: Math.min(step, first.value) })).filter((point) => point.at < first.at);
  const origin = first.at > start ? [{ at: start, value: 0 }] : [];
  return [...origin, ...earlier, ...known];
}

/** Returns the points of a block's small curve: x and y are shares of its width and height, from the bottom left. */
export function miniCurve(steps: readonly number[], length: number, elapsed: number, top: number): { x: number; y: number }[] {
  const points = steps.map((step, index) => ({ x: Math.min(((index + 1) * STEP) / length, elapsed / length, 1), y: top > 0 ? Math.min(1, step / top) : 0 }));
  return [{ x: 0, y: 0 }, ...points];
}

/** Moves labels apart that would overlap, in the order of their positions. Returns the positions in the given order. */
export function spreadLabels(positions: readonly number[], distance: number, bottom: number): number[] {
  const order = positions.map((_, index) => index).sort((a, b) => (positions[a] ?? 0) - (positions[b] ?? 0));
  const placed = [...positions];
  order.forEach((index, rank) => {
    const above = placed[order[rank - 1] ?? -1];
    if (above !== undefined) placed[index] = Math.max(placed[index] ?? 0, above + distance);
  });
  order.reverse().forEach((index, rank) => {
    const limit = rank === 0 ? bottom : (placed[order[rank - 1] ?? -1] ?? bottom) - distance;
    placed[index] = Math.min(placed[index] ?? 0, limit);
  });
  return placed;
}

/** Returns the full hours between two instants whose labels keep clear of both ends. */
export function hoursBetween(start: number, end: number, margin: number): number[] {
  const HOUR = 60 * MINUTE;
  const hours: number[] = [];
  for (let at = Math.ceil(start / HOUR) * HOUR; at < end; at += HOUR) if (at - start >= margin && end - at >= margin) hours.push(at);
  return hours;
}
