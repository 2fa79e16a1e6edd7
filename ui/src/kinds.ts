// The four kinds of token, in the order they are shown everywhere, and how wide each is drawn.
// Pure: it knows shares, not colours.

/** Anything that counts tokens by kind: a day, a session, all of them. */
export interface KindCounts {
  inputTokens: number;
  outputTokens: number;
  cacheCreationTokens: number;
  cacheReadTokens: number;
}

export type Kind = keyof KindCounts;

export const kinds: readonly Kind[] = ['inputTokens', 'outputTokens', 'cacheCreationTokens', 'cacheReadTokens'];

/** A kind that is there must be seen: no narrower than this share of the bar. */
const LEAST = 0.012;

/** One piece of the stacked bar; `start` and `width` are shares of its length. */
export interface Segment {
  kind: Kind;
  start: number;
  width: number;
}

export function total(counts: KindCounts): number {
  return kinds.reduce((sum, kind) => sum + counts[kind], 0);
}

/** The share of one kind; nothing of nothing is nothing. */
export function shareOf(counts: KindCounts, kind: Kind): number {
  const all = total(counts);
  return all > 0 ? counts[kind] / all : 0;
}

/** Lays the kinds side by side over the whole bar; kinds of which there are none take no place. */
export function segments(counts: KindCounts): Segment[] {
  const widths = kinds.map((kind) => (counts[kind] > 0 ? Math.max(LEAST, shareOf(counts, kind)) : 0));
  const all = widths.reduce((sum, width) => sum + width, 0) || 1;
  let start = 0;
  return kinds.map((kind, index) => {
    const width = (widths[index] ?? 0) / all;
    const segment = { kind, start, width };
    start += width;
    return segment;
  });
}
