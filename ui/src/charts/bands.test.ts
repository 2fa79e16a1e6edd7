// A year in one row or in two.
import { expect, test } from 'vitest';
import { banded, bandTop } from './bands';

test('where there is room a year stands in one row, no larger than is calm', () => {
  expect(banded(700, 53)).toMatchObject({ weeks: 53, side: 13, tops: [16] });
  expect(banded(2_000, 53).side).toBe(13);
});

test('where its squares would be dust it stands in two, none of them over another', () => {
  const bands = banded(316, 53);
  expect(bands).toMatchObject({ weeks: 27, side: 11 });
  expect(bands.tops).toHaveLength(2);
  expect(bandTop(bands, 1)).toBeGreaterThanOrEqual(bandTop(bands, 0) + 7 * bands.side + 16);
  expect(bands.height).toBe(bandTop(bands, 1) + 7 * bands.side);
});

test('before its width is known it has a size all the same', () => {
  expect(banded(0, 53).side).toBeGreaterThan(0);
  expect(banded(300, 0).weeks).toBe(1);
});
