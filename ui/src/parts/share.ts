// The words of a used share: how much, of what, and where that comes from.
import type { LimitUse } from '../bindings/LimitUse';
import type { QuotaStats } from '../bindings/QuotaStats';
import { compact, dollars, share } from '../format';
import { text } from '../text';
import { ago } from '../time';

/** What a limit is on. */
export type LimitOn = 'tokens' | 'cost';

/** How much of what is used: "38% of your blocks’ P90". */
export function usedWords(use: LimitUse, on: LimitOn = 'tokens'): string {
  const limit = use.limit ?? 0;
  const written = on === 'tokens' ? text.tokens(compact(limit)) : text.costLabelled(dollars(limit));
  return text.used(share(use.usedPercent / 100), use.basis, written);
}

/** What a share of tokens is a share of, beside the share itself: "of your blocks’ P90, 4.85M". */
export function limitWords(use: LimitUse): string {
  return text.ofLimit[use.basis](compact(use.limit ?? 0));
}

/** Where it comes from; with its age once that is no longer the present. */
export function shareLabel(use: LimitUse, told: QuotaStats | null, now: number, zone: string): string {
  const said = text.label[use.label];
  return told?.isStale ? text.aged(said, ago(told.readAt, now, zone)) : said;
}
