// The bars of the day chart: a day each up to 92 days, a week up to a year, and a month beyond, so that every range fits.
// Pure. Latest first.
import type { Amount } from '../../bindings/Amount';
import type { History } from '../../bindings/History';
import type { HistoryDay } from '../../bindings/HistoryDay';
import type { AxisLabel } from '../../charts/column-chart';
import { dayInWeek, type DayNumber, formatMonth, formatShortDay, parseDay, toIsoDate } from '../../lib/calendar-day';

export type BinUnit = 'day' | 'week' | 'month';

/** The maximum number of days for bars of a day and of a week. */
const [MAX_DAYS_BY_DAY, MAX_DAYS_BY_WEEK] = [92, 372];

/** A range of days, both included. */
export interface DaySpan {
  first: DayNumber;
  last: DayNumber;
}

export interface HistoryBin extends DaySpan {
  amount: Amount;
  /** The amounts of the parts, in the order of the history. */
  parts: readonly Amount[];
}

export interface BinnedHistory {
  unit: BinUnit;
  bins: readonly HistoryBin[];
}

/** The maximum number of days drawn: a century. A mistyped year would otherwise draw empty bars for minutes. */
const MAX_DAYS = 36_525;

/** Returns the days the chart shows. A long range starts with its first usage, so that it does not start empty. */
export function shownSpan(history: History): DaySpan {
  const last = parseDay(history.to) ?? 0;
  const start = Math.max(parseDay(history.from) ?? last, last - MAX_DAYS + 1);
  const firstUsage = parseDay(history.days[0]?.date ?? '') ?? start;
  return { first: last - start < MAX_DAYS_BY_DAY ? start : Math.max(start, firstUsage), last };
}

function unitOf({ first, last }: DaySpan): BinUnit {
  const days = last - first + 1;
  if (days <= MAX_DAYS_BY_DAY) return 'day';
  return days <= MAX_DAYS_BY_WEEK ? 'week' : 'month';
}

/** Returns true if a day begins a bar. */
function isBinStart(day: DayNumber, unit: BinUnit, weekStart: number): boolean {
  if (unit === 'day') return true;
  return unit === 'week' ? dayInWeek(day, weekStart) === 0 : toIsoDate(day).endsWith('-01');
}

/** Returns the bars of a history; weeks begin on the given weekday, from 0 for Sunday. */
export function binHistory(history: History, days: ReadonlyMap<DayNumber, HistoryDay>, weekStart: number): BinnedHistory {
  const span = shownSpan(history);
  const unit = unitOf(span);
  const bins: HistoryBin[] = [];
  let last = span.last;
  for (let day = span.last; day >= span.first; day -= 1) {
    if (day !== span.first && !isBinStart(day, unit, weekStart)) continue;
    bins.push(createBin({ first: day, last }, days, history.parts.length));
    last = day - 1;
  }
  return { unit, bins };
}

/** Sums the days of a bar. */
export function createBin(span: DaySpan, days: ReadonlyMap<DayNumber, HistoryDay>, partCount: number): HistoryBin {
  const used = Array.from({ length: span.last - span.first + 1 }, (_, at) => days.get(span.first + at)).filter((day) => day !== undefined);
  const parts = Array.from({ length: partCount }, (_, at) => sumAmounts(used.flatMap((day) => day.parts[at] ?? [])));
  return { ...span, amount: sumAmounts(used.map((day) => day.amount)), parts };
}

/** Sums amounts. The cost is unknown only if no amount has one. */
export function sumAmounts(amounts: readonly Amount[]): Amount {
  const priced = amounts.filter((amount) => amount.cost !== null);
  const cost = amounts.length > 0 && priced.length === 0 ? null : priced.reduce((sum, amount) => sum + (amount.cost ?? 0), 0);
  return { tokens: amounts.reduce((sum, amount) => sum + amount.tokens, 0), cost };
}

/** The maximum width of a bar with its gap, in pixels. */
const MAX_WIDTH = 56;

/** Returns the width of a bar with its gap in pixels; all bars share the available width. */
export function binWidth(availableWidth: number, count: number): number {
  return Math.min(MAX_WIDTH, availableWidth / Math.max(1, count));
}

/** The minimum distance between two labels in pixels: of a day, and of a month. */
const [MIN_DAY_DISTANCE, MIN_MONTH_DISTANCE] = [52, 40];

/** Returns labels for as many bars as fit, starting with the latest: days, or the months in which weeks begin. */
export function layoutBinLabels({ unit, bins }: BinnedHistory, width: number): AxisLabel[] {
  const labels: AxisLabel[] = [];
  let free = 0;
  for (const [index, bin] of bins.entries()) {
    const month = unit === 'day' ? null : monthStart(bin);
    const day = unit === 'day' ? bin.first : month;
    if (day === null || index * width < free) continue;
    labels.push({ index, date: toIsoDate(day), text: unit === 'day' ? formatShortDay(day) : monthOrYear(day) });
    free = index * width + (unit === 'day' ? MIN_DAY_DISTANCE : MIN_MONTH_DISTANCE);
  }
  return labels;
}

/** Returns the first day of a month within a bar; null if no month begins in it. */
function monthStart({ first, last }: DaySpan): DayNumber | null {
  for (let day = first; day <= last; day += 1) if (toIsoDate(day).endsWith('-01')) return day;
  return null;
}

/** Returns the year for January and the month otherwise. */
function monthOrYear(day: DayNumber): string {
  const date = toIsoDate(day);
  return date.slice(5, 7) === '01' ? date.slice(0, 4) : formatMonth(day);
}
