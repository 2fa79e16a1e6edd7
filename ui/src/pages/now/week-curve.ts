// The cumulative usage of an official week from the sums of its days. Pure.
import type { BurnUpCurve, BurnUpPoint } from '../../charts/burn-up-layout';
import { formatClock, formatIsoDay, HOUR, MINUTE } from '../../lib/time';

/** The tokens of a calendar day. */
export interface DayTokens {
  /** The date as yyyy-mm-dd. */
  date: string;
  tokens: number;
}

export interface WeekInputs {
  /** Milliseconds since 1970. */
  start: number;
  now: number;
  zone: string;
  /** The tokens since the start of the week. */
  total: number;
  /** The days of the week; the first one may have begun before the week. */
  days: readonly DayTokens[];
  /** The value at `now` in the unit of the chart. */
  value: number;
}

/** Zones differ from UTC by multiples of this. */
const ZONE_STEP = 15 * MINUTE;

/** Returns the local midnights between two instants. */
export function midnightsBetween(start: number, end: number, zone: string): number[] {
  const midnights: number[] = [];
  let at = Math.floor(start / ZONE_STEP) * ZONE_STEP + ZONE_STEP;
  while (at < end) {
    const isMidnight = formatClock(at, zone).startsWith('00:00');
    if (isMidnight) midnights.push(at);
    // A day has at least 22 hours, even when the clocks change.
    at += isMidnight ? 22 * HOUR : ZONE_STEP;
  }
  return midnights;
}

/** Returns the usage at each midnight and now, scaled so that the week's total has the given value. */
export function weekCurve({ start, now, zone, total, days, value }: WeekInputs): BurnUpCurve {
  const factor = total > 0 ? value / total : 0;
  const usedBefore = (midnight: number) => {
    const date = formatIsoDay(midnight, zone);
    return Math.max(0, total - days.reduce((sum, day) => (day.date >= date ? sum + day.tokens : sum), 0));
  };
  const known: BurnUpPoint[] = midnightsBetween(start, now, zone).map((at) => ({ at, value: usedBefore(at) * factor }));
  return [{ at: start, value: 0 }, ...known, { at: now, value }];
}
