// Compares today with yesterday at the same time of day. Pure.
import { formatMultiple, formatPercent } from '../../lib/format';
import { text } from '../../strings';

/** The relative difference up to which two days count as the same. */
const SAME_TOLERANCE = 0.01;

/** The factor from which a multiple is shown instead of a percentage. */
const MIN_MULTIPLE = 3;

/** Returns null if there is nothing to compare. */
export function compareWithYesterday(today: number, yesterday: number): string | null {
  if (yesterday <= 0) return today > 0 ? text.now.comparison.noneYesterday : null;
  const change = today / yesterday - 1;
  if (Math.abs(change) < SAME_TOLERANCE) return text.now.comparison.same;
  if (change + 1 >= MIN_MULTIPLE) return text.now.comparison.times(formatMultiple(change + 1));
  return change > 0 ? text.now.comparison.more(formatPercent(change)) : text.now.comparison.less(formatPercent(-change));
}
