// The geometry of the burn-up chart. Pure; units are pixels.

/** A point of the cumulative usage. */
export interface BurnUpPoint {
  /** Milliseconds since 1970. */
  at: number;
  value: number;
}

/** The usage of the block so far. Before `known` only the start and the first point are certain. */
export interface BurnUpCurve {
  /** The start of the block, if the time up to the first known point is not known minute by minute. */
  unknown: readonly BurnUpPoint[];
  known: readonly BurnUpPoint[];
}

const MINUTE = 60_000;

/** Returns the cumulative usage of a block from its total and the usage of the last minutes, which end at `now`. */
export function burnUpCurve(start: number, now: number, total: number, minutes: readonly number[]): BurnUpCurve {
  const known: BurnUpPoint[] = [{ at: now, value: total }];
  let value = total;
  for (let back = 1; back <= minutes.length; back += 1) {
    const at = now - back * MINUTE;
    if (at <= start) break;
    value = Math.max(0, value - (minutes[minutes.length - back] ?? 0));
    known.unshift({ at, value });
  }
  const first = known[0] ?? { at: now, value: total };
  const isWhole = first.at - start <= MINUTE || first.value === 0;
  const origin = { at: start, value: 0 };
  return isWhole ? { unknown: [], known: first.at > start ? [origin, ...known] : known } : { unknown: [origin, first], known };
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
