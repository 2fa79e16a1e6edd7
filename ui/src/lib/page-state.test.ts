// The state of the page area.
import { expect, test } from 'vitest';
import type { Snapshot } from '../bindings/Snapshot';
import { scenarios } from '../host/fixtures/scenarios';
import { ordinarySnapshot } from '../host/fixtures/snapshot';
import { START } from '../host/fixtures/totals';
import { pageState } from './page-state';

const snapshot = (change: Partial<Snapshot> = {}): Snapshot => ({
  ...ordinarySnapshot([], 0, START),
  ...scenarios['empty']?.change(ordinarySnapshot([], 0, START), 0),
  ...change,
});
const importing: Snapshot['progress'] = { state: 'importing', filesDone: 1, files: 9, bytesDone: 1, bytes: 9 };

test('without a snapshot the page is loading', () => expect(pageState(null, 'connecting').kind).toBe('loading'));

test('without a snapshot and connection the page is offline', () => expect(pageState(null, 'disconnected').kind).toBe('offline'));

test('usage is shown while disconnected', () => {
  expect(pageState(snapshot({ sessionCount: 3 }), 'disconnected').kind).toBe('ready');
});

test('without logs the page is empty', () => expect(pageState(snapshot(), 'connected').kind).toBe('empty'));

test('during an import without usage the first scan is shown', () => {
  expect(pageState(snapshot({ progress: importing }), 'connected').kind).toBe('firstScan');
  expect(pageState(snapshot({ progress: importing, sessionCount: 1 }), 'connected').kind).toBe('ready');
});
