// The widths of the token kinds in a bar.
import { expect, test } from 'vitest';
import { kindShare, layoutSegments, sumTokens, tokenKinds } from './token-kinds';

const counts = (input: number, output: number, write: number, read: number) => ({
  inputTokens: input,
  outputTokens: output,
  cacheCreationTokens: write,
  cacheReadTokens: read,
});

test('the segments fill the bar side by side', () => {
  const pieces = layoutSegments(counts(10, 20, 30, 40));
  expect(pieces.map((piece) => piece.kind)).toEqual(tokenKinds);
  pieces.forEach((piece, at) => expect(piece.start).toBeCloseTo([0, 0.2, 0.5, 0.9][at] ?? NaN));
  expect((pieces[3]?.start ?? 0) + (pieces[3]?.width ?? 0)).toBeCloseTo(1);
});

test('a kind with few tokens has a visible width', () => {
  const [, , read, input] = layoutSegments(counts(1, 0, 0, 1_000_000_000));
  expect(input?.width).toBeGreaterThan(0.01);
  expect((read?.width ?? 0) + (input?.width ?? 0)).toBeCloseTo(1);
});

test('without tokens every width is 0', () => {
  expect(layoutSegments(counts(0, 0, 0, 0)).map((piece) => piece.width)).toEqual([0, 0, 0, 0]);
  expect(kindShare(counts(0, 0, 0, 0), 'inputTokens')).toBe(0);
});

test('the total is the sum of the four kinds', () => {
  expect(sumTokens(counts(1, 2, 3, 4))).toBe(10);
});
