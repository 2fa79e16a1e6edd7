// The layout of a session's timeline. Pure.
import type { TimelinePoint } from '../../bindings/TimelinePoint';
import { MINUTE } from '../../lib/time';

/** The duration of a point. */
export const SLOT_LENGTH = 5 * MINUTE;

/** The minimum width of a bar, as a share of the chart. */
const MIN_WIDTH = 0.006;

/** A bar; all fields are shares of the chart. */
export interface TimelineBar {
  start: number;
  width: number;
  height: number;
}

/** Returns a bar for each point; the highest one has full height. */
export function layoutBars(points: readonly TimelinePoint[]): TimelineBar[] {
  const starts = points.map((point) => Date.parse(point.startTime));
  const first = starts[0] ?? 0;
  const duration = (starts.at(-1) ?? 0) + SLOT_LENGTH - first;
  const highest = Math.max(1, ...points.map((point) => point.amount.tokens));
  return points.map((point, index) => {
    const width = Math.max(MIN_WIDTH, SLOT_LENGTH / duration);
    const start = Math.min(1 - width, ((starts[index] ?? 0) - first) / duration);
    return { start, width, height: point.amount.tokens / highest };
  });
}

/** Returns the index of the bar nearest to a horizontal position. */
export function nearestBar(bars: readonly TimelineBar[], share: number): number {
  const distance = (bar: TimelineBar) => Math.abs(bar.start + bar.width / 2 - share);
  return bars.reduce((nearest, bar, index) => (distance(bar) < distance(bars[nearest] ?? bar) ? index : nearest), 0);
}
