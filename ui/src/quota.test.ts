// Which of the vendor's figures is shown where.
import { expect, test } from 'vitest';
import type { Snapshot } from './bindings/Snapshot';
import { madeUpQuota, officialUse } from './host/made-up-limits';
import { ordinary, START } from './host/scenarios';
import { bindingWindow, knowsWeek, otherWindows, toldOfBlock } from './quota';

const day = (change: Partial<Snapshot>): Snapshot => ({ ...ordinary([], 0, START), ...change });
const fiveHours = madeUpQuota('fiveHour', 38);
const week = { ...madeUpQuota('weekly', 61), isBinding: true };
const quota = [fiveHours, week];

test('the figure in the ring is not shown twice', () => {
  const snapshot = day({ quota, blockUse: officialUse(38) });
  expect(toldOfBlock(snapshot)).toBe(fiveHours);
  expect(otherWindows(snapshot)).toEqual([week]);
});

test('the five hours stand by themselves where the ring shows something else, or nothing', () => {
  expect(otherWindows(day({ quota })), 'the ring shows an estimate').toEqual(quota);
  expect(otherWindows(day({ quota, currentBlock: null, blockUse: null })), 'between blocks').toEqual(quota);
});

test('the binding window is named only where there is a choice', () => {
  expect(bindingWindow(day({ quota }))).toBe(week);
  expect(bindingWindow(day({ quota: [week] }))).toBeNull();
  expect(bindingWindow(day({ quota: [fiveHours, { ...week, isBinding: false }] })), 'all too old to tell').toBeNull();
});

test('the week of one family of models is not the week', () => {
  expect(knowsWeek(day({ quota }))).toBe(true);
  expect(knowsWeek(day({ quota: [madeUpQuota('weeklyScoped', 80)] }))).toBe(false);
});
