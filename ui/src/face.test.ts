// Which face is shown when.
import { expect, test } from 'vitest';
import type { Snapshot } from './bindings/Snapshot';
import { face } from './face';
import { ordinary, scenarios, START } from './host/scenarios';

const snapshot = (change: Partial<Snapshot> = {}): Snapshot => ({
  ...ordinary([], 0, START),
  ...scenarios['empty']?.change(ordinary([], 0, START), 0),
  ...change,
});
const importing: Snapshot['progress'] = { state: 'importing', filesDone: 1, files: 9, bytesDone: 1, bytes: 9 };

test('nothing is known yet', () => expect(face(null, 'asking').kind).toBe('asking'));

test('nobody is there', () => expect(face(null, 'down').kind).toBe('offline'));

test('old figures are better than none', () => {
  expect(face(snapshot({ sessionCount: 3 }), 'down').kind).toBe('figures');
});

test('looked and found nothing', () => expect(face(snapshot(), 'up').kind).toBe('empty'));

test('while logs are being read there is only nothing yet', () => {
  expect(face(snapshot({ progress: importing }), 'up').kind).toBe('first');
  expect(face(snapshot({ progress: importing, sessionCount: 1 }), 'up').kind).toBe('figures');
});
