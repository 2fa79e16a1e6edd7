// Figures as the reader's language writes them. It refuses to round what is exact: only `compact` and shares lose digits.
// The formatters are kept, because making one costs a thousand times what using it does.

/** A language by its tag, with which figures and times are written. */
export type Locale = string;

/** A system without a language (`LANG=C`) writes figures for machines, ungrouped; people get English. */
export function spoken(locale: Locale): Locale {
  return /posix/i.test(locale) ? 'en-US' : locale;
}

/** The reader's language, as the system has it. */
export const reader: Locale = spoken(new Intl.NumberFormat().resolvedOptions().locale);

const kept = new Map<string, Intl.NumberFormat>();

function formatter(locale: Locale, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale}|${JSON.stringify(options)}`;
  const found = kept.get(key) ?? new Intl.NumberFormat(locale, options);
  kept.set(key, found);
  return found;
}

/** Every digit, grouped: 4,218,344. */
export function exact(value: number, locale = reader): string {
  return formatter(locale, { maximumFractionDigits: 0 }).format(value);
}

/** The digits of the reader's language as those of keyboards and programs; all else stays. */
export function plainDigits(words: string, locale = reader): string {
  const own = Array.from({ length: 10 }, (_, digit) => exact(digit, locale));
  return [...words].map((letter) => (own.includes(letter) ? String(own.indexOf(letter)) : letter)).join('');
}

/** Three digits that matter: 4.22M. */
export function compact(value: number, locale = reader): string {
  if (Math.abs(value) < 1_000) return exact(value, locale);
  return formatter(locale, { notation: 'compact', maximumSignificantDigits: 3 }).format(value);
}

/** A share of one as per cent; what is there but small never reads as nothing. */
export function share(value: number, locale = reader): string {
  const percent = formatter(locale, { style: 'percent', maximumFractionDigits: 0 });
  if (value > 0 && value < 0.005) return `<${percent.format(0.01)}`;
  if (value < 1 && value > 0.995) return `>${percent.format(0.99)}`;
  return percent.format(value);
}

/** How many times something is something else: 3.2. */
export function times(value: number, locale = reader): string {
  return formatter(locale, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}

/** From where to where a share goes, both per cent: 71–84%. Ends that read the same are one figure. */
export function percentRange(low: number, high: number, locale = reader): string {
  const [from, to] = [low, high].map((end) => exact(Math.round(end), locale)) as [string, string];
  const written = share(Math.round(high) / 100, locale);
  return from === to ? written : written.replace(to, `${from}–${to}`);
}

/** From where to where a count goes: 2.1M–3M. */
export function compactRange(low: number, high: number, locale = reader): string {
  const [from, to] = [compact(low, locale), compact(high, locale)];
  return from === to ? to : `${from}–${to}`;
}

/** Dollars and cents; what costs something never reads as nothing. */
export function dollars(value: number, locale = reader): string {
  const money = formatter(locale, { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol' });
  return value > 0 && value < 0.005 ? `<${money.format(0.01)}` : money.format(value);
}

/** Dollars for an axis: cents only where they matter. */
export function compactDollars(value: number, locale = reader): string {
  if (value < 10) return dollars(value, locale);
  const options = { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol', notation: 'compact', maximumSignificantDigits: 3 } as const;
  return formatter(locale, options).format(value);
}

/** Megabytes of a million bytes, as disks and file managers count them. */
export function megabytes(bytes: number, locale = reader): string {
  const digits = bytes < 10_000_000 ? 1 : 0;
  return formatter(locale, { style: 'unit', unit: 'megabyte', maximumFractionDigits: digits }).format(bytes / 1e6);
}

/** Which form a counted word takes, in English as all words of the UI are. */
export function plural(count: number, one: string, other: string): string {
  return count === 1 ? one : other;
}
