// What leads the Now page. Pure. Without a limit nothing is left and nothing runs out: the block's tokens lead.
import type { LimitUse } from '../../bindings/LimitUse';
import { isCertain, isLimit } from '../../lib/limit-text';

/** The leading figure of a block. */
export type BlockLead =
  /** The tokens of a block without a limit. */
  | { kind: 'tokens' }
  /** The time left until the reset. */
  | { kind: 'left' }
  /** The time until the limit is reached at this pace, if even the low end of the forecast reaches it. */
  | { kind: 'toLimit'; at: number }
  /** The time until the reset of a limit that is reached. */
  | { kind: 'reached' };

export function blockLead(use: LimitUse | null): BlockLead {
  if (use === null || !isLimit(use.basis)) return { kind: 'tokens' };
  if (use.usedPercent >= 100) return { kind: 'reached' };
  return use.runsOutAt !== null && isCertain(use) ? { kind: 'toLimit', at: Date.parse(use.runsOutAt) } : { kind: 'left' };
}
