// The display names of the engine's enums: provenance labels, levels, sources and windows.
import type { BlockSource } from '../bindings/BlockSource';
import type { BurnLevel } from '../bindings/BurnLevel';
import type { Provenance } from '../bindings/Provenance';
import type { LimitBasis } from '../bindings/LimitBasis';
import type { QuotaOrigin } from '../bindings/QuotaOrigin';
import type { WindowKind } from '../bindings/WindowKind';
import type { LimitLevel } from '../lib/limit-level';

const provenance: Record<Provenance, string> = { official: 'official', measured: 'measured', estimated: 'estimated' };

const burnLevel: Record<BurnLevel, string> = { normal: 'normal', moderate: 'moderate', high: 'high' };

const limitLevel: Record<LimitLevel, string> = { calm: 'calm', busy: 'busy', high: 'high', over: 'over' };

const blockSource: Record<BlockSource, string> = {
  official: 'official',
  limitMessage: 'official, limit message',
  estimate: 'estimated',
  utc: 'estimated, fixed UTC grid',
};

const blockSourceTitle: Record<BlockSource, string> = {
  official: 'Claude Code reported the reset time.',
  limitMessage: 'The reset time comes from a limit message in the logs.',
  estimate: 'Estimated from your own messages. Claude may place the block differently.',
  utc: 'Five-hour blocks from midnight UTC; the last block of a day has four hours.',
};

const limitBasisTitle: Record<LimitBasis, string> = {
  official: 'Claude Code’s own figure for the five-hour limit.',
  number: 'The limit you set.',
  max: 'Compared with your largest completed block. Anthropic does not publish a limit.',
  p90: 'Compared with the 90th percentile of your past blocks. Anthropic does not publish a limit.',
};

const quotaOrigin: Record<QuotaOrigin, string> = {
  statusLine: 'Reported by Claude Code’s status line.',
  cachedUsage: 'From the usage data Claude Code cached.',
  desktopHistory: 'From Claude Desktop’s history.',
  limitMessage: 'From a limit message in the logs.',
};

const quotaWindow: Record<WindowKind, (scope: string | null) => string> = {
  fiveHour: () => 'Five hours',
  weekly: () => 'Week',
  weeklyScoped: (scope) => (scope === null ? 'Week' : `Week (${scope})`),
  extraUsage: () => 'Extra usage',
  spendLimit: () => 'Spend limit',
  organization: () => 'Organization',
  product: (scope) => scope ?? 'Other',
  other: (scope) => (scope === null ? 'Other' : `Other (${scope})`),
};

export const labelStrings = {
  provenance,
  burnLevel,
  limitLevel,
  blockSource,
  blockSourceTitle,
  limitBasisTitle,
  quotaOrigin,
  quotaWindow,
  ofAccount: (name: string, account: string) => `${name} of ${account}`,
} as const;
