// The layout of the timeline.
import { expect, test } from 'vitest';
import type { TimelinePoint } from '../../bindings/TimelinePoint';
import { layoutBars, nearestBar } from './timeline-layout';

const point = (minute: number, tokens: number): TimelinePoint => ({
  startTime: new Date(Date.parse('2026-03-14T10:00:00Z') + minute * 60_000).toISOString(),
  amount: { tokens, cost: null },
});

test('an empty timeline has no bars', () => expect(layoutBars([])).toEqual([]));

test('a single point fills the chart', () => expect(layoutBars([point(0, 7)])).toEqual([{ start: 0, width: 1, height: 1 }]));

test('bars are placed by time, and the highest has full height', () => {
  const laid = layoutBars([point(0, 50), point(15, 100)]);
  expect(laid).toEqual([
    { start: 0, width: 0.25, height: 0.5 },
    { start: 0.75, width: 0.25, height: 1 },
  ]);
  expect([0, 0.4, 0.6, 1].map((share) => nearestBar(laid, share))).toEqual([0, 0, 1, 1]);
});

test('bars of a long session stay visible and inside the chart', () => {
  const laid = layoutBars([point(0, 1), point(40_000, 1)]);
  for (const bar of laid) {
    expect(bar.width).toBeGreaterThanOrEqual(0.006);
    expect(bar.start + bar.width).toBeLessThanOrEqual(1.000_001);
  }
});
