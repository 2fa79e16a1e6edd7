// Facts about a year of days: the streak, the best day, and the number of days with usage. Pure.
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
