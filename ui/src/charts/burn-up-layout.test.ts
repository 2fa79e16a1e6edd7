// The geometry of the burn-up chart.
import { expect, test } from 'vitest';
import { burnUpCurve, hoursBetween, miniCurve, spreadLabels } from './burn-up-layout';

const MINUTE = 60_000;

test('a block that began within the known minutes has only their points', () => {
  const curve = burnUpCurve({ start: 0, now: 3 * MINUTE, total: 60, steps: [60], minutes: [100, 10, 20, 30] });
  expect(curve.map((point) => point.value)).toEqual([0, 10, 30, 60]);
});

test('before the known minutes the curve has a point for each quarter of an hour', () => {
  const curve = burnUpCurve({ start: 0, now: 50 * MINUTE, total: 500, steps: [100, 100, 400, 500], minutes: [10, 20] });
  expect(curve.map((point) => [point.at / MINUTE, point.value])).toEqual([[0, 0], [15, 100], [30, 100], [45, 400], [48, 470], [49, 480], [50, 500]]);
});

test('a curve never falls, even if its steps and its minutes were read at different times', () => {
  const curve = burnUpCurve({ start: 0, now: 20 * MINUTE, total: 50, steps: [60, 70], minutes: [5] });
  expect(curve.map((point) => point.value)).toEqual([0, 45, 45, 50]);
});

test('a small curve ends at the current time, and at the top at most', () => {
  const points = miniCurve([10, 30], 60 * MINUTE, 20 * MINUTE, 20);
  expect(points).toEqual([{ x: 0, y: 0 }, { x: 0.25, y: 0.5 }, { x: 1 / 3, y: 1 }]);
  expect(miniCurve([], 60 * MINUTE, 0, 0)).toEqual([{ x: 0, y: 0 }]);
});

test('labels that would overlap are moved apart, and stay above the bottom', () => {
  expect(spreadLabels([20, 10, 60], 13, 100)).toEqual([23, 10, 60]);
  expect(spreadLabels([98, 99], 13, 100)).toEqual([87, 100]);
});

test('hours close to an end have no label', () => {
  expect(hoursBetween(20 * MINUTE, 320 * MINUTE, 45 * MINUTE)).toEqual([120, 180, 240].map((minute) => minute * MINUTE));
});
