// Resolves the chosen range of days. Pure.
import { type DayNumber, parseDay, toIsoDate } from '../../lib/calendar-day';

export type RangeName = 'week' | 'month' | 'quarter' | 'year' | 'all' | 'custom';

export const rangeNames: readonly RangeName[] = ['week', 'month', 'quarter', 'year', 'all', 'custom'];

/** Both ends included; null means the first day with messages, or today. */
export interface DateRange {
  from: string | null;
  to: string | null;
}

const rangeLengths: Record<Exclude<RangeName, 'all' | 'custom'>, number> = { week: 7, month: 30, quarter: 90, year: 365 };

/** Returns the dates to request; custom dates are the last valid ones. */
export function resolveRange(name: RangeName, today: DayNumber, customDates: DateRange): DateRange {
  if (name === 'custom') return customDates;
  if (name === 'all') return { from: null, to: null };
  return { from: toIsoDate(today - rangeLengths[name] + 1), to: null };
}

/** The error in two typed dates. */
export type DateError = 'from' | 'to' | 'order';

export function validateDates(from: string, to: string): DateError | null {
  const [first, last] = [parseDay(from), parseDay(to)];
  if (first === null) return 'from';
  if (last === null) return 'to';
  return first > last ? 'order' : null;
}
