// The items of the block list.
import { expect, test } from 'vitest';
import { fixtureBlockPage } from '../../host/fixtures/history';
import { groupByDay, itemHeight } from './block-list-items';

const { blocks } = fixtureBlockPage(240, 0, 100);
const items = groupByDay(blocks, (row) => row.startTime.slice(0, 10), false);

test('every row is listed once, below the heading of its day', () => {
  const rows = items.filter((item) => item.kind !== 'day');
  expect(rows.map((item) => item.id)).toEqual(blocks.map((row) => row.id));
  expect(items[0]?.kind).toBe('day');
  const days = items.filter((item) => item.kind === 'day').map((item) => item.id);
  expect(new Set(days).size).toBe(days.length);
});

test('no day begins with a gap, and only the ends of a day are first and last', () => {
  for (const [at, item] of items.entries()) {
    if (item.kind === 'day') expect(items[at + 1]?.kind).toBe('block');
    else expect(item.isFirst).toBe(items[at - 1]?.kind === 'day');
  }
});

test('a day has sums only if all its blocks are loaded', () => {
  const days = items.filter((item) => item.kind === 'day');
  expect(days.at(-1)?.sums).toBeNull();
  const first = days[0]?.sums;
  const today = blocks.filter((row) => !row.isGap && row.startTime.startsWith('2026-03-14'));
  expect(first).toMatchObject({ count: today.length, tokens: today.reduce((sum, row) => sum + row.tokensUsed, 0) });
  expect(itemHeight(items[0] ?? { kind: 'day', id: '', day: '', sums: null })).toBe(30);
});
