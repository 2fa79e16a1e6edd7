// How blocks are drawn: how wide each is, which lines cross them, and which dates stand under them. Pure.
import type { BillingBlock } from '../bindings/BillingBlock';
import type { Foot } from '../charts/columns';
import { inSight, type Mark } from '../charts/scale';
import { HOUR } from '../time';
import type { Remarks } from './past';

/** Wide enough to hit, narrow enough for a few days at once. */
const BLOCK = 16;

/** The least and the most room that idle time takes; a holiday is no reason to scroll. */
const [SHORT_GAP, LONG_GAP] = [8, 40];

/** Idle time is as wide as the root of how long it was: an hour is seen, a month fits. */
export function columnWidth(row: BillingBlock): number {
  if (!row.isGap) return BLOCK;
  const hours = (Date.parse(row.endTime) - Date.parse(row.startTime)) / HOUR;
  return Math.round(Math.min(LONG_GAP, Math.max(SHORT_GAP, 4 * Math.sqrt(Math.max(0, hours)))));
}

/** Rows of the list: a block has two lines, idle time one. */
export const rowHeight = (row: BillingBlock) => (row.isGap ? 28 : 44);

export type MarkName = 'limit' | 'largest' | 'p90';

export interface BlockMark extends Mark {
  name: MarkName;
}

/** The most that any of these blocks used. */
export function mostTokens(rows: readonly BillingBlock[]): number {
  return rows.reduce((most, row) => Math.max(most, row.tokensUsed), 0);
}

/** All that is known of limits, in the order it is told. */
export function knownMarks({ limitTokens, largestTokens, p90Tokens }: Remarks): BlockMark[] {
  const values: Record<MarkName, number> = { limit: limitTokens ?? 0, largest: largestTokens ?? 0, p90: p90Tokens ?? 0 };
  const names: readonly MarkName[] = ['limit', 'largest', 'p90'];
  return names.filter((name) => values[name] > 0).map((name) => ({ name, value: values[name] }));
}

/** What stands out of all blocks: the largest, and those that nine of ten stayed under. */
export type Standout = 'largest' | 'overP90';

export function standout(row: BillingBlock, { largest, p90Tokens }: Remarks): Standout | null {
  if (row.isGap) return null;
  if (row.id === largest) return 'largest';
  return p90Tokens !== null && row.tokensUsed >= p90Tokens ? 'overP90' : null;
}

/** Those that are drawn: in sight, and each height once. */
export function drawnMarks(marks: readonly BlockMark[], most: number): BlockMark[] {
  const seen = inSight(marks, most);
  return seen.filter((mark, at) => seen.findIndex((other) => other.value === mark.value) === at);
}

/** Closer together, dates would lie on one another. */
const APART = 56;

/** A date under the first block of each day, as far as there is room; the latest first. */
export function feet(rows: readonly BillingBlock[], starts: readonly number[], name: (at: string) => string): Foot[] {
  const found: Foot[] = [];
  let last = -Infinity;
  for (const [index, row] of rows.entries()) {
    if (row.isGap) continue;
    const words = name(row.startTime);
    const before = rows.slice(index + 1, index + 4).find((other) => !other.isGap);
    const first = before !== undefined && name(before.startTime) !== words;
    const place = starts[index] ?? 0;
    if (!first || place - last < APART) continue;
    found.push({ index, words, date: row.startTime });
    last = place;
  }
  return found;
}
