// Facts about a year: the streak, the best day, the number of days with usage, and the busiest hour. Pure.
import type { Amount } from '../../bindings/Amount';
import type { HistoryDay } from '../../bindings/HistoryDay';
import type { DayNumber } from '../../lib/calendar-day';
import { amountIn, type Measure } from './day-chart-layout';

export interface YearFacts {
  /** The number of days in a row with usage, up to the last day or the day before it. */
  streak: number;
  /** The day with the most usage; null if there is none. */
  best: { day: DayNumber; value: number } | null;
  activeDays: number;
}

export function yearFacts(days: ReadonlyMap<DayNumber, HistoryDay>, last: DayNumber, measure: Measure): YearFacts {
  const used = [...days].map(([day, { amount }]) => ({ day, value: amountIn(amount, measure), tokens: amount.tokens })).filter(({ tokens }) => tokens > 0);
  const usedDays = new Set(used.map(({ day }) => day));
  // A day that has only begun does not end the streak.
  let day = usedDays.has(last) ? last : last - 1;
  let streak = 0;
  for (; usedDays.has(day); day -= 1) streak += 1;
  const best = used.reduce<YearFacts['best']>((highest, { day, value }) => (value > (highest?.value ?? 0) ? { day, value } : highest), null);
  return { streak, best, activeDays: usedDays.size };
}

/** The hour of the day with the most usage, from 0 to 23, and its share of all usage. */
export interface BusiestHour {
  hour: number;
  share: number;
}

/** Returns the busiest hour, the earliest of several; null without usage. */
export function busiestHour(hours: readonly Amount[], measure: Measure): BusiestHour | null {
  const values = hours.map((amount) => amountIn(amount, measure));
  const highest = Math.max(0, ...values);
  if (highest === 0) return null;
  return { hour: values.indexOf(highest), share: highest / values.reduce((sum, value) => sum + value, 0) };
}
