// Blocks as a picture.
import { expect, test } from 'vitest';
import type { BillingBlock } from '../bindings/BillingBlock';
import { track } from '../charts/track';
import { pageOfBlocks } from '../host/made-up-past';
import { columnWidth, drawnMarks, feet, knownMarks, mostTokens, standout } from './look';

const page = pageOfBlocks(240, 0, 240);
const idle = (hours: number) => ({ isGap: true, startTime: '2026-03-01T00:00:00Z', endTime: new Date(Date.parse('2026-03-01T00:00:00Z') + hours * 3_600_000).toISOString() }) as BillingBlock;

test('the longer the idle time the wider, but a holiday is no desert', () => {
  const widths = [0.5, 6, 14, 60, 2_000].map((hours) => columnWidth(idle(hours)));
  expect(widths).toEqual([...widths].sort((a, b) => a - b));
  expect([widths[0], widths.at(-1)]).toEqual([8, 40]);
});

test('limit, largest and P90 are told in this order, as far as they are known, however few blocks were fetched', () => {
  const { blocks, ...remarks } = page;
  const marks = knownMarks(remarks);
  expect(marks.map((mark) => mark.name)).toEqual(['limit', 'largest', 'p90']);
  expect(marks[1]?.value).toBe(Math.max(...blocks.filter((row) => !row.isActive).map((row) => row.tokensUsed)));
  expect(knownMarks({ ...remarks, limitTokens: null, largestTokens: null }).map((mark) => mark.name)).toEqual(['p90']);
});

test('the largest stands out, and so do those that reach the P90; idle time never', () => {
  const { blocks, ...remarks } = page;
  const most = blocks.find((row) => row.id === remarks.largest) as BillingBlock;
  const other = { ...most, id: 'other' };
  const bar = remarks.p90Tokens ?? 0;
  expect(standout(most, remarks)).toBe('largest');
  expect(standout({ ...other, tokensUsed: bar }, remarks)).toBe('overP90');
  expect(standout({ ...other, tokensUsed: bar - 1 }, remarks)).toBeNull();
  expect(standout({ ...other, isGap: true }, remarks)).toBeNull();
  expect(standout(other, { ...remarks, p90Tokens: null })).toBeNull();
});

test('two marks of one height are one line, and a limit out of sight is none', () => {
  const marks = [
    { name: 'limit' as const, value: 90 },
    { name: 'p90' as const, value: 90 },
  ];
  expect(drawnMarks(marks, 100).map((mark) => mark.name)).toEqual(['limit']);
  expect(drawnMarks(marks, 10)).toEqual([]);
  expect(mostTokens([])).toBe(0);
});

test('dates stand under the first block of a day, never on one another', () => {
  const along = track(page.blocks.map(columnWidth));
  const dates = feet(page.blocks, along.starts, (at) => at.slice(0, 10));
  const places = dates.map((foot) => along.starts[foot.index] ?? 0);
  expect(dates.length).toBeGreaterThan(10);
  expect(new Set(dates.map((foot) => foot.words)).size).toBe(dates.length);
  for (const [at, place] of places.entries()) if (at > 0) expect(place - (places[at - 1] ?? 0)).toBeGreaterThanOrEqual(56);
});
