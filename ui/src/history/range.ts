// The range of days a person chose. Pure: a choice and today in, dates for the host out.
// It refuses a range that ends before it begins, and says which of the two dates it cannot read.
import { dateOf, dayOf, type DayNumber } from './days';

export type RangeName = 'week' | 'month' | 'quarter' | 'year' | 'all' | 'own';

export const rangeNames: readonly RangeName[] = ['week', 'month', 'quarter', 'year', 'all', 'own'];

/** Both ends included; null for as far as there is anything, and for today. */
export interface Asking {
  from: string | null;
  to: string | null;
}

const lengths: Record<Exclude<RangeName, 'all' | 'own'>, number> = { week: 7, month: 30, quarter: 90, year: 365 };

/** What to ask for; own dates as they were last good. */
export function asking(name: RangeName, today: DayNumber, own: Asking): Asking {
  if (name === 'own') return own;
  if (name === 'all') return { from: null, to: null };
  return { from: dateOf(today - lengths[name] + 1), to: null };
}

/** What is the matter with two dates as typed. */
export type Fault = 'from' | 'to' | 'order';

export function fault(from: string, to: string): Fault | null {
  const [first, last] = [dayOf(from), dayOf(to)];
  if (first === null) return 'from';
  if (last === null) return 'to';
  return first > last ? 'order' : null;
}
