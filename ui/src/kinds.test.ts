// How the four kinds share one bar.
import { expect, test } from 'vitest';
import { kinds, segments, shareOf, total } from './kinds';

const counts = (input: number, output: number, write: number, read: number) => ({
  inputTokens: input,
  outputTokens: output,
  cacheCreationTokens: write,
  cacheReadTokens: read,
});

test('the pieces stand side by side and fill the bar', () => {
  const pieces = segments(counts(10, 20, 30, 40));
  expect(pieces.map((piece) => piece.kind)).toEqual(kinds);
  pieces.forEach((piece, at) => expect(piece.start).toBeCloseTo([0, 0.1, 0.3, 0.6][at] ?? NaN));
  expect((pieces[3]?.start ?? 0) + (pieces[3]?.width ?? 0)).toBeCloseTo(1);
});

test('a kind that is there is seen, however little of it', () => {
  const [first, , , last] = segments(counts(1, 0, 0, 1_000_000_000));
  expect(first?.width).toBeGreaterThan(0.01);
  expect((last?.start ?? 0) + (last?.width ?? 0)).toBeCloseTo(1);
});

test('nothing takes no place', () => {
  expect(segments(counts(0, 0, 0, 0)).map((piece) => piece.width)).toEqual([0, 0, 0, 0]);
  expect(shareOf(counts(0, 0, 0, 0), 'inputTokens')).toBe(0);
});

test('the total is the four kinds together', () => {
  expect(total(counts(1, 2, 3, 4))).toBe(10);
});
