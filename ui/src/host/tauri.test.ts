// The commands and events exchanged with the app.
import { emit } from '@tauri-apps/api/event';
import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { afterEach, expect, test } from 'vitest';
import type { Snapshot } from '../bindings/Snapshot';
import { ordinarySnapshot } from './fixtures/snapshot';
import { START } from './fixtures/totals';
import { createHost } from './tauri';

afterEach(() => clearMocks());

function recordCalls(): { calls: [string, unknown][] } {
  const calls: [string, unknown][] = [];
  mockIPC((command, args) => void calls.push([command, args]), { shouldMockEvents: true });
  return { calls };
}

test('each method is one command with named arguments', async () => {
  const { calls } = recordCalls();
  const host = createHost();
  const query = { offset: 100, limit: 100, search: null, sort: 'recent' as const, hiddenToo: false };
  const requests = [host.snapshot(), host.sessions(query), host.session('s-1'), host.updateSession('s-1', { name: 'name' })];
  await Promise.all([...requests, host.startDaemon(), host.frame(), host.dismiss(), host.painted()]);
  expect(calls).toEqual([
    ['snapshot', {}],
    ['sessions', { query }],
    ['session', { sessionId: 's-1' }],
    ['describe', { session: 's-1', changes: { name: 'name' } }],
    ['start_resident', {}],
    ['frame', {}],
    ['dismiss', {}],
    ['painted', {}],
  ]);
});

test('listeners get the payload of events until unsubscribed', async () => {
  recordCalls();
  const host = createHost();
  const [snapshots, connections]: [Snapshot[], boolean[]] = [[], []];
  const unsubscribe = await host.onSnapshot((snapshot) => snapshots.push(snapshot));
  await host.onConnection((connected) => connections.push(connected));
  const snapshot = ordinarySnapshot([], 0, START);
  await emit('snapshot', snapshot);
  await emit('connection', false);
  unsubscribe();
  await emit('snapshot', snapshot);
  expect(snapshots).toEqual([snapshot]);
  expect(connections).toEqual([false]);
});
