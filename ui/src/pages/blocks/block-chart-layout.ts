// The layout of the block chart: column widths, limit lines and date labels. Pure.
import type { BillingBlock } from '../../bindings/BillingBlock';
import type { AxisLabel } from '../../charts/column-chart';
import { type ReferenceLine, visibleLines } from '../../charts/scale';
import { HOUR } from '../../lib/time';
import type { BlockStats } from './block-history';

/** The width of a block in pixels. */
const BLOCK_WIDTH = 12;

/** The minimum and maximum width of a gap in pixels. */
const [MIN_GAP_WIDTH, MAX_GAP_WIDTH] = [6, 30];

/** Returns the width of a block or gap in pixels. The width of a gap grows with the square root of its duration. */
export function columnWidth(row: BillingBlock): number {
  if (!row.isGap) return BLOCK_WIDTH;
  const hours = (Date.parse(row.endTime) - Date.parse(row.startTime)) / HOUR;
  return Math.round(Math.min(MAX_GAP_WIDTH, Math.max(MIN_GAP_WIDTH, 3 * Math.sqrt(Math.max(0, hours)))));
}

export type LimitLineName = 'limit' | 'largest' | 'p90';

export interface LimitLine extends ReferenceLine {
  name: LimitLineName;
}

/** Returns the highest token count of the blocks. */
export function maxTokens(rows: readonly BillingBlock[]): number {
  return rows.reduce((highest, row) => Math.max(highest, row.tokensUsed), 0);
}

/** Returns the known lines in legend order. Only the user's own limit is a limit; an automatic one equals another line. */
export function limitLines({ limitTokens, largestTokens, p90Tokens }: BlockStats, isOwnLimit: boolean): LimitLine[] {
  const values: Record<LimitLineName, number> = { limit: isOwnLimit ? (limitTokens ?? 0) : 0, largest: largestTokens ?? 0, p90: p90Tokens ?? 0 };
  const names: readonly LimitLineName[] = ['limit', 'largest', 'p90'];
  return names.filter((name) => values[name] > 0).map((name) => ({ name, value: values[name] }));
}

/** A remarkable block: the largest one, or one at or above the 90th percentile. */
export type Highlight = 'largest' | 'overP90';

export function findHighlight(row: BillingBlock, { largest, p90Tokens }: BlockStats): Highlight | null {
  if (row.isGap) return null;
  if (row.id === largest) return 'largest';
  return p90Tokens !== null && row.tokensUsed >= p90Tokens ? 'overP90' : null;
}

/** Returns the lines to draw: those that fit the chart, one per value. */
export function visibleLimitLines(lines: readonly LimitLine[], highest: number): LimitLine[] {
  const visible = visibleLines(lines, highest);
  return visible.filter((line, index) => visible.findIndex((other) => other.value === line.value) === index);
}

/** The minimum distance between two date labels, in pixels. */
const MIN_LABEL_DISTANCE = 56;

/** Returns a date label for the first block of each day, as far as there is room; latest first. */
export function layoutDateLabels(rows: readonly BillingBlock[], starts: readonly number[], format: (at: string) => string): AxisLabel[] {
  const labels: AxisLabel[] = [];
  let lastPosition = -Infinity;
  for (const [index, row] of rows.entries()) {
    if (row.isGap) continue;
    const text = format(row.startTime);
    const previous = rows.slice(index + 1, index + 4).find((other) => !other.isGap);
    const isFirstOfDay = previous !== undefined && format(previous.startTime) !== text;
    const position = starts[index] ?? 0;
    if (!isFirstOfDay || position - lastPosition < MIN_LABEL_DISTANCE) continue;
    labels.push({ index, text, date: row.startTime });
    lastPosition = position;
  }
  return labels;
}
