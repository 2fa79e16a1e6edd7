// The four token kinds in a fixed order, their costs, and their widths in a stacked bar. Pure.
import type { CostByKind } from '../bindings/CostByKind';

/** Token counts by kind. */
export interface TokenCounts {
  inputTokens: number;
  outputTokens: number;
  cacheCreationTokens: number;
  cacheReadTokens: number;
}

export type TokenKind = keyof TokenCounts;

export const tokenKinds: readonly TokenKind[] = ['outputTokens', 'cacheCreationTokens', 'cacheReadTokens', 'inputTokens'];

/** A part of a cost: a kind of token, or what belongs to no kind. */
export type CostKind = TokenKind | 'other';

export const costKinds: readonly CostKind[] = [...tokenKinds, 'other'];

const costFields: Record<CostKind, keyof CostByKind> = {
  outputTokens: 'output',
  cacheCreationTokens: 'cacheCreation',
  cacheReadTokens: 'cacheRead',
  inputTokens: 'input',
  other: 'other',
};

/** The minimum width of a kind that is present, as a share of the bar. */
const MIN_WIDTH = 0.012;

/** A segment of a stacked bar; `start` and `width` are shares of its length. */
export interface Segment {
  start: number;
  width: number;
}

export function sumTokens(counts: TokenCounts): number {
  return tokenKinds.reduce((sum, kind) => sum + counts[kind], 0);
}

/** Returns the share of a kind; 0 if there are no tokens. */
export function kindShare(counts: TokenCounts, kind: TokenKind): number {
  const total = sumTokens(counts);
  return total > 0 ? counts[kind] / total : 0;
}

export function costOf(costs: CostByKind, kind: CostKind): number {
  return costs[costFields[kind]];
}

export function costShare(costs: CostByKind, kind: CostKind): number {
  const total = costKinds.reduce((sum, other) => sum + costOf(costs, other), 0);
  return total > 0 ? costOf(costs, kind) / total : 0;
}

/** Returns true if the kinds are known for any part of a cost. The logs of old versions name only whole costs. */
export function isDividedByKind(costs: CostByKind | null): costs is CostByKind {
  return costs !== null && tokenKinds.some((kind) => costOf(costs, kind) > 0);
}

/** Lays out shares side by side over the whole bar; a share of 0 has no width, and every other one can be seen. */
export function layoutSegments(shares: readonly number[]): Segment[] {
  const widths = shares.map((share) => (share > 0 ? Math.max(MIN_WIDTH, share) : 0));
  const total = widths.reduce((sum, width) => sum + width, 0) || 1;
  let start = 0;
  return widths.map((part) => {
    const segment = { start, width: part / total };
    start += segment.width;
    return segment;
  });
}
