// Texts for the used share of a limit, or of what the block is compared with: how much, of what, and its provenance.
import type { LimitBasis } from '../bindings/LimitBasis';
import type { LimitUse } from '../bindings/LimitUse';
import type { QuotaStats } from '../bindings/QuotaStats';
import { text } from '../strings';
import { formatCompact, formatDollars, formatPercent } from './format';
import { formatAgo } from './time';

/** The unit of a limit. */
export type LimitUnit = 'tokens' | 'cost';

/** Returns true for a limit that stops work: an official one or the user's own. Other shares only compare blocks. */
export function isLimit(basis: LimitBasis): boolean {
  return basis === 'official' || basis === 'number';
}

/** Returns true if even the low end of a forecast reaches the limit. Otherwise the limit may run out. */
export function isCertain(use: LimitUse): boolean {
  return use.projectedPercent === null || use.projectedPercent.low >= 100;
}

/** Returns when a limit runs out, or may run out. */
export function exhaustionText(use: LimitUse, at: string): string {
  return isCertain(use) ? text.now.runsOutAt(at) : text.now.mayRunOutAt(at);
}

/** Returns what a share is a share of: "of your usual maximum". */
export function shareBasisText(use: LimitUse, unit: LimitUnit = 'tokens'): string {
  const limit = use.limit ?? 0;
  return text.now.usedOf[use.basis](unit === 'tokens' ? text.tokens(formatCompact(limit)) : formatDollars(limit));
}

/** Returns how much of a limit is used: "38% of your usual maximum". */
export function usedText(use: LimitUse, unit: LimitUnit = 'tokens'): string {
  return `${formatPercent(use.usedPercent / 100)} ${shareBasisText(use, unit)}`;
}

/** Returns the provenance label of a share, with the age of an outdated figure. */
export function provenanceText(use: LimitUse, quota: QuotaStats | null, now: number, zone: string): string {
  const label = text.provenance[use.label];
  return quota?.isStale ? text.withAge(label, formatAgo(quota.readAt, now, zone)) : label;
}
