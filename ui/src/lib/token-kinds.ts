// The four token kinds in a fixed order, and their widths in a stacked bar. Pure.

/** Token counts by kind. */
export interface TokenCounts {
  inputTokens: number;
  outputTokens: number;
  cacheCreationTokens: number;
  cacheReadTokens: number;
}

export type TokenKind = keyof TokenCounts;

export const tokenKinds: readonly TokenKind[] = ['outputTokens', 'cacheCreationTokens', 'cacheReadTokens', 'inputTokens'];

/** The minimum width of a kind with any tokens, as a share of the bar. */
const MIN_WIDTH = 0.012;

/** A segment of the stacked bar; `start` and `width` are shares of its length. */
export interface Segment {
  kind: TokenKind;
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

/** Lays out the kinds side by side over the whole bar; kinds without tokens have width 0. */
export function layoutSegments(counts: TokenCounts): Segment[] {
  const widths = tokenKinds.map((kind) => (counts[kind] > 0 ? Math.max(MIN_WIDTH, kindShare(counts, kind)) : 0));
  const total = widths.reduce((sum, width) => sum + width, 0) || 1;
  let start = 0;
  return tokenKinds.map((kind, index) => {
    const width = (widths[index] ?? 0) / total;
    const segment = { kind, start, width };
    start += width;
    return segment;
  });
}
