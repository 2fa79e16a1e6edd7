// Texts for the used share of a limit: how much, of what, and its provenance.
import type { LimitUse } from '../bindings/LimitUse';
import type { QuotaStats } from '../bindings/QuotaStats';
import { text } from '../strings';
import { formatCompact, formatDollars, formatPercent } from './format';
import { formatAgo } from './time';

/** The unit of a limit. */
export type LimitUnit = 'tokens' | 'cost';

/** Returns how much of a limit is used: "38% of your blocks’ P90". */
export function usedText(use: LimitUse, unit: LimitUnit = 'tokens'): string {
  const limit = use.limit ?? 0;
  const limitWithUnit = unit === 'tokens' ? text.tokens(formatCompact(limit)) : text.costWithLabel(formatDollars(limit));
  return text.now.used(formatPercent(use.usedPercent / 100), use.basis, limitWithUnit);
}

/** Returns the limit a share refers to: "of your blocks’ P90, 4.85M". */
export function limitText(use: LimitUse): string {
  return text.now.ofLimit[use.basis](formatCompact(use.limit ?? 0));
}

/** Returns the provenance label of a share, with the age of an outdated figure. */
export function provenanceText(use: LimitUse, quota: QuotaStats | null, now: number, zone: string): string {
  const label = text.provenance[use.label];
  return quota?.isStale ? text.withAge(label, formatAgo(quota.readAt, now, zone)) : label;
}
