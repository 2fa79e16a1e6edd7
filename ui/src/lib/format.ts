// Number formatting: the same rules as `token_monitor_core::text::format`, proved by the shared table of cases. Digits are
// grouped by commas whatever the system's language is. Only compact numbers and percentages lose digits.

/** A BCP 47 language tag. */
export type Locale = string;

/** The locale of all displayed dates. */
export const DISPLAY_LOCALE: Locale = 'en-US';

/** The locale of the system, for the first day of the week and for typed digits. */
export const systemLocale: Locale = new Intl.NumberFormat().resolvedOptions().locale;

/** Formats all digits, grouped: 4,218,344. Rounds half up. */
export function formatNumber(value: number): string {
  const digits = BigInt(Math.max(0, Math.round(value)) || 0).toString();
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Replaces the digits of the system's locale by ASCII digits; other characters stay. */
export function toAsciiDigits(input: string, locale = systemLocale): string {
  const formatter = new Intl.NumberFormat(locale, { useGrouping: false });
  const localDigits = Array.from({ length: 10 }, (_, digit) => formatter.format(digit));
  return [...input].map((letter) => (localDigits.includes(letter) ? String(localDigits.indexOf(letter)) : letter)).join('');
}

/** The units of compact numbers, smallest first. */
const COMPACT_UNITS: [number, string][] = [[1e3, 'k'], [1e6, 'M'], [1e9, 'B'], [1e12, 'T']];

/** Formats three significant digits without trailing zeros: 999, 1k, 4.22M. */
export function formatCompact(value: number): string {
  if (value < 1_000) return formatNumber(value);
  for (const [unit, suffix] of COMPACT_UNITS) {
    const inUnit = threeDigits(value, unit);
    if (inUnit !== null) return `${inUnit}${suffix}`;
  }
  return `${formatNumber(value / 1e12)}T`;
}

/** Formats a number in a unit with three significant digits; null if it rounds to 1,000 of it. */
function threeDigits(value: number, unit: number): string | null {
  for (const factor of [100, 10, 1]) {
    const rounded = Math.round(value / (unit / factor));
    if (rounded < 1_000) return String(rounded / factor);
  }
  return null;
}

/** Formats a share of 1 as a percentage. A positive share is never 0%, and a share below 1 never 100%. */
export function formatPercent(value: number): string {
  // Removes the error of a division by 100, so that 28.5% is not rounded down.
  const percent = Math.round(value * 1e8) / 1e6;
  if (percent > 0 && percent < 0.5) return '<1%';
  if (percent >= 99.5 && percent < 100) return '>99%';
  return `${formatNumber(percent)}%`;
}

/** Formats a multiple: 3.2. */
export function formatMultiple(value: number): string {
  return value < 10 ? String(Math.round(value * 10) / 10) : formatNumber(value);
}

/** Formats a range of percentages: 71–84%. Ends that read the same give one figure. */
export function formatPercentRange(low: number, high: number): string {
  return `${joinRange(formatNumber(low), formatNumber(high))}%`;
}

/** Formats a range of counts: 2.1M–3M. */
export function formatCompactRange(low: number, high: number): string {
  return joinRange(formatCompact(low), formatCompact(high));
}

function joinRange(low: string, high: string): string {
  return low === high ? high : `${low}–${high}`;
}

/** Formats dollars with two decimals, below one cent with four: $3.41, $1,234.50, $0.0042, <$0.0001. */
export function formatDollars(value: number): string {
  const tenThousandths = Math.max(0, Math.round(value * 10_000));
  if (tenThousandths === 0) return value > 0 ? '<$0.0001' : '$0.00';
  if (tenThousandths < 100) return `$0.${String(tenThousandths).padStart(4, '0')}`;
  const cents = Math.round(value * 100);
  return `$${formatNumber(Math.floor(cents / 100))}.${String(cents % 100).padStart(2, '0')}`;
}

/** Formats dollars for an axis, with cents only below 10 dollars. */
export function formatCompactDollars(value: number): string {
  if (value < 10) return formatDollars(value);
  return `$${value < 1_000 ? (threeDigits(value, 1) ?? '1k') : formatCompact(value)}`;
}

/** Formats megabytes of 1,000,000 bytes. */
export function formatMegabytes(bytes: number): string {
  const megabytes = bytes / 1e6;
  return `${megabytes < 10 ? String(Math.round(megabytes * 10) / 10) : formatNumber(megabytes)} MB`;
}

/** Returns the English singular or plural. */
export function pluralize(count: number, one: string, other: string): string {
  return count === 1 ? one : other;
}
