// The layout of the block chart.
import { expect, test } from 'vitest';
import type { BillingBlock } from '../../bindings/BillingBlock';
import { createVirtualAxis } from '../../charts/virtual-axis';
import { fixtureBlockPage } from '../../host/fixtures/history';
import { columnWidth, findHighlight, layoutDateLabels, limitLines, maxTokens, visibleLimitLines } from './block-chart-layout';

const page = fixtureBlockPage(240, 0, 240);
const idle = (hours: number) => ({ isGap: true, startTime: '2026-03-01T00:00:00Z', endTime: new Date(Date.parse('2026-03-01T00:00:00Z') + hours * 3_600_000).toISOString() }) as BillingBlock;

test('gaps grow with their duration up to a maximum', () => {
  const widths = [0.5, 6, 14, 60, 2_000].map((hours) => columnWidth(idle(hours)));
  expect(widths).toEqual([...widths].sort((a, b) => a - b));
  expect([widths[0], widths.at(-1)]).toEqual([6, 30]);
});

test('the known limit lines are ordered, independent of the loaded blocks', () => {
  const { blocks, ...stats } = page;
  const lines = limitLines(stats, true);
  expect(lines.map((line) => line.name)).toEqual(['limit', 'largest', 'p90']);
  expect(lines[1]?.value).toBe(Math.max(...blocks.filter((row) => !row.isActive).map((row) => row.tokensUsed)));
  expect(limitLines({ ...stats, limitTokens: null, largestTokens: null }, true).map((line) => line.name)).toEqual(['p90']);
  expect(limitLines(stats, false).map((line) => line.name), 'an estimate is no limit').toEqual(['largest', 'p90']);
});

test('the largest block and those at the P90 are highlighted, gaps never', () => {
  const { blocks, ...stats } = page;
  const largest = blocks.find((row) => row.id === stats.largest) as BillingBlock;
  const other = { ...largest, id: 'other' };
  const bar = stats.p90Tokens ?? 0;
  expect(findHighlight(largest, stats)).toBe('largest');
  expect(findHighlight({ ...other, tokensUsed: bar }, stats)).toBe('overP90');
  expect(findHighlight({ ...other, tokensUsed: bar - 1 }, stats)).toBeNull();
  expect(findHighlight({ ...other, isGap: true }, stats)).toBeNull();
  expect(findHighlight(other, { ...stats, p90Tokens: null })).toBeNull();
});

test('lines of equal value are drawn once, and lines far above the chart not at all', () => {
  const lines = [
    { name: 'limit' as const, value: 90 },
    { name: 'p90' as const, value: 90 },
  ];
  expect(visibleLimitLines(lines, 100).map((line) => line.name)).toEqual(['limit']);
  expect(visibleLimitLines(lines, 10)).toEqual([]);
  expect(maxTokens([])).toBe(0);
});

test('date labels mark the first block of a day and do not overlap', () => {
  const layout = createVirtualAxis(page.blocks.map(columnWidth));
  const dates = layoutDateLabels(page.blocks, layout.starts, (at) => at.slice(0, 10));
  const positions = dates.map((label) => layout.starts[label.index] ?? 0);
  expect(dates.length).toBeGreaterThan(10);
  expect(new Set(dates.map((label) => label.text)).size).toBe(dates.length);
  for (const [at, position] of positions.entries()) if (at > 0) expect(position - (positions[at - 1] ?? 0)).toBeGreaterThanOrEqual(56);
});
