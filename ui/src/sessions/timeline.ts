// Where the points of a session's timeline stand between its first and last five minutes, and which one is meant by a place.
// Pure: it lays out, and adds nothing up.
import type { TimelinePoint } from '../bindings/TimelinePoint';
import { MINUTE } from '../time';

/** The span of a point. */
export const SLOT = 5 * MINUTE;

/** Narrower bars than this share of the width are not seen. */
const LEAST = 0.006;

/** A bar; all are shares of the picture. */
export interface Bar {
  start: number;
  width: number;
  height: number;
}

/** One bar for each point, in their order; the highest fills the height. */
export function bars(points: readonly TimelinePoint[]): Bar[] {
  const begun = points.map((point) => Date.parse(point.startTime));
  const first = begun[0] ?? 0;
  const long = (begun.at(-1) ?? 0) + SLOT - first;
  const most = Math.max(1, ...points.map((point) => point.amount.tokens));
  return points.map((point, at) => {
    const width = Math.max(LEAST, SLOT / long);
    const start = Math.min(1 - width, ((begun[at] ?? 0) - first) / long);
    return { start, width, height: point.amount.tokens / most };
  });
}

/** The bar nearest to a share of the width. */
export function nearest(laid: readonly Bar[], share: number): number {
  const away = (bar: Bar) => Math.abs(bar.start + bar.width / 2 - share);
  return laid.reduce((best, bar, at) => (away(bar) < away(laid[best] ?? bar) ? at : best), 0);
}
