// The token kinds, their costs, and their widths in a bar.
import { expect, test } from 'vitest';
import type { CostByKind } from '../bindings/CostByKind';
import { costKinds, costShare, isDividedByKind, kindShare, layoutSegments, sumTokens, tokenKinds } from './token-kinds';

const counts = (input: number, output: number, write: number, read: number) => ({
  inputTokens: input,
  outputTokens: output,
  cacheCreationTokens: write,
  cacheReadTokens: read,
});

const noCosts: CostByKind = { input: 0, output: 0, cacheCreation: 0, cacheRead: 0, other: 0 };

const sharesOf = (tokens: ReturnType<typeof counts>) => tokenKinds.map((kind) => kindShare(tokens, kind));

test('the segments fill the bar side by side, in the order of the kinds', () => {
  const pieces = layoutSegments(sharesOf(counts(10, 20, 30, 40)));
  pieces.forEach((piece, at) => expect(piece.start).toBeCloseTo([0, 0.2, 0.5, 0.9][at] ?? NaN));
  expect((pieces[3]?.start ?? 0) + (pieces[3]?.width ?? 0)).toBeCloseTo(1);
});

test('a kind with few tokens has a visible width', () => {
  const [, , read, input] = layoutSegments(sharesOf(counts(1, 0, 0, 1_000_000_000)));
  expect(input?.width).toBeGreaterThan(0.01);
  expect((read?.width ?? 0) + (input?.width ?? 0)).toBeCloseTo(1);
});

test('without tokens every width is 0', () => {
  expect(layoutSegments(sharesOf(counts(0, 0, 0, 0))).map((piece) => piece.width)).toEqual([0, 0, 0, 0]);
});

test('the total is the sum of the four kinds', () => {
  expect(sumTokens(counts(1, 2, 3, 4))).toBe(10);
});

test('the shares of a cost include the part without a kind', () => {
  const costs = { input: 1, output: 2, cacheCreation: 3, cacheRead: 4, other: 10 };
  expect(costKinds.map((kind) => costShare(costs, kind))).toEqual([0.1, 0.15, 0.2, 0.05, 0.5]);
  expect(costShare(noCosts, 'other')).toBe(0);
});

test('a cost that the logs name as a whole is not divided', () => {
  expect(isDividedByKind({ ...noCosts, other: 3 })).toBe(false);
  expect(isDividedByKind({ ...noCosts, input: 0.1, other: 3 })).toBe(true);
  expect(isDividedByKind(null)).toBe(false);
});
