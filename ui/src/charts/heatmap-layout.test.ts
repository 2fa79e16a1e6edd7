// The heatmap layout: one row or two.
import { expect, test } from 'vitest';
import { layoutHeatmap, rowTop } from './heatmap-layout';

test('a wide year has one row with a maximum cell size', () => {
  expect(layoutHeatmap(700, 53)).toMatchObject({ weeksPerRow: 53, side: 13, rowTops: [16] });
  expect(layoutHeatmap(2_000, 53).side).toBe(13);
});

test('a narrow year has two rows that do not overlap', () => {
  const layout = layoutHeatmap(316, 53);
  expect(layout).toMatchObject({ weeksPerRow: 27, side: 11 });
  expect(layout.rowTops).toHaveLength(2);
  expect(rowTop(layout, 1)).toBeGreaterThanOrEqual(rowTop(layout, 0) + 7 * layout.side + 16);
  expect(layout.height).toBe(rowTop(layout, 1) + 7 * layout.side);
});

test('without a width the layout has a minimum size', () => {
  expect(layoutHeatmap(0, 53).side).toBeGreaterThan(0);
  expect(layoutHeatmap(300, 0).weeksPerRow).toBe(1);
});
