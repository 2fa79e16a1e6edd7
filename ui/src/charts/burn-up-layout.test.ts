// The geometry of the burn-up chart.
import { expect, test } from 'vitest';
import { burnUpCurve, hoursBetween, spreadLabels } from './burn-up-layout';

const MINUTE = 60_000;

test('a block that began within the known minutes has a complete curve', () => {
  const curve = burnUpCurve(0, 3 * MINUTE, 60, [100, 10, 20, 30]);
  expect(curve.unknown).toEqual([]);
  expect(curve.known.map((point) => point.value)).toEqual([0, 10, 30, 60]);
});

test('before the known minutes only the start and the first known point are certain', () => {
  const curve = burnUpCurve(0, 100 * MINUTE, 500, [10, 20]);
  expect(curve.unknown).toEqual([{ at: 0, value: 0 }, { at: 98 * MINUTE, value: 470 }]);
  expect(curve.known.map((point) => point.value)).toEqual([470, 480, 500]);
});

test('labels that would overlap are moved apart, and stay above the bottom', () => {
  expect(spreadLabels([20, 10, 60], 13, 100)).toEqual([23, 10, 60]);
  expect(spreadLabels([98, 99], 13, 100)).toEqual([87, 100]);
});

test('hours close to an end have no label', () => {
  expect(hoursBetween(20 * MINUTE, 320 * MINUTE, 45 * MINUTE)).toEqual([120, 180, 240].map((minute) => minute * MINUTE));
});
