// The items of the block list: a heading per day, its blocks, and quiet rows for the time between them. Pure.
import type { BillingBlock } from '../../bindings/BillingBlock';

/** The sums of a day, if all its blocks are loaded. */
export interface DaySums {
  count: number;
  tokens: number;
  cost: number | null;
}

export type BlockListItem =
  | { kind: 'day'; id: string; day: string; sums: DaySums | null }
  | { kind: 'block' | 'gap'; id: string; row: BillingBlock; index: number; isFirst: boolean; isLast: boolean };

/** The heights of the items in pixels. */
const HEIGHTS: Record<BlockListItem['kind'], number> = { day: 30, block: 48, gap: 28 };

export const itemHeight = (item: BlockListItem) => HEIGHTS[item.kind];

/**
 * Groups rows by the day they start on, latest first. A gap belongs to the day of the block before it in the list, so that
 * no day begins with one.
 */
export function groupByDay(rows: readonly BillingBlock[], dayOf: (row: BillingBlock) => string, isComplete: boolean): BlockListItem[] {
  const groups: { day: string; rows: { row: BillingBlock; index: number }[] }[] = [];
  for (const [index, row] of rows.entries()) {
    const group = groups.at(-1);
    const day = row.isGap && group ? group.day : dayOf(row);
    if (group?.day === day) group.rows.push({ row, index });
    else groups.push({ day, rows: [{ row, index }] });
  }
  return groups.flatMap((group, at): BlockListItem[] => {
    const isLoaded = at < groups.length - 1 || isComplete;
    const items = group.rows.map(({ row, index }, place): BlockListItem => ({
      kind: row.isGap ? 'gap' : 'block',
      id: row.id,
      row,
      index,
      isFirst: place === 0,
      isLast: place === group.rows.length - 1,
    }));
    return [{ kind: 'day', id: `day-${group.day}`, day: group.day, sums: isLoaded ? sumDay(group.rows.map(({ row }) => row)) : null }, ...items];
  });
}

function sumDay(rows: readonly BillingBlock[]): DaySums {
  const blocks = rows.filter((row) => !row.isGap);
  const hasUnknownCost = blocks.some((row) => row.costUsd === null);
  return {
    count: blocks.length,
    tokens: blocks.reduce((sum, row) => sum + row.tokensUsed, 0),
    cost: hasUnknownCost ? null : blocks.reduce((sum, row) => sum + (row.costUsd ?? 0), 0),
  };
}
