// The selection of quota windows.
import { expect, test } from 'vitest';
import type { Snapshot } from '../bindings/Snapshot';
import { fixtureQuota, officialUse } from '../host/fixtures/limits';
import { ordinarySnapshot } from '../host/fixtures/snapshot';
import { START } from '../host/fixtures/totals';
import { bindingWindow, hasWeeklyQuota, officialBlockQuota, windowsBelowRing } from './quota';

const day = (change: Partial<Snapshot>): Snapshot => ({ ...ordinarySnapshot([], 0, START), ...change });
const fiveHours = fixtureQuota('fiveHour', 38);
const week = { ...fixtureQuota('weekly', 61), isBinding: true };
const quota = [fiveHours, week];

test('the figure in the ring is not shown twice', () => {
  const snapshot = day({ quota, blockUse: officialUse(38) });
  expect(officialBlockQuota(snapshot)).toBe(fiveHours);
  expect(windowsBelowRing(snapshot)).toEqual([week]);
});

test('the five-hour window is listed if the ring does not show it', () => {
  expect(windowsBelowRing(day({ quota })), 'the ring shows an estimate').toEqual(quota);
  expect(windowsBelowRing(day({ quota, currentBlock: null, blockUse: null })), 'between blocks').toEqual(quota);
});

test('the binding window is named only if there are several', () => {
  expect(bindingWindow(day({ quota }))).toBe(week);
  expect(bindingWindow(day({ quota: [week] }))).toBeNull();
  expect(bindingWindow(day({ quota: [fiveHours, { ...week, isBinding: false }] })), 'all outdated').toBeNull();
});

test('a weekly window of one model family is not the weekly window', () => {
  expect(hasWeeklyQuota(day({ quota }))).toBe(true);
  expect(hasWeeklyQuota(day({ quota: [fixtureQuota('weeklyScoped', 80)] }))).toBe(false);
});
