// The commands and events as the app's other half expects them.
import { emit } from '@tauri-apps/api/event';
import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { afterEach, expect, test } from 'vitest';
import type { Snapshot } from '../bindings/Snapshot';
import { ordinary, START } from './scenarios';
import { createHost } from './tauri';

afterEach(() => clearMocks());

function heard(): { calls: [string, unknown][] } {
  const calls: [string, unknown][] = [];
  mockIPC((command, args) => void calls.push([command, args]), { shouldMockEvents: true });
  return { calls };
}

test('each call is one command with its arguments by name', async () => {
  const { calls } = heard();
  const host = createHost();
  const query = { offset: 100, limit: 100, search: null, sort: 'recent' as const, hiddenToo: false };
  const asked = [host.snapshot(), host.sessions(query), host.session('s-1'), host.rename('s-1', 'name')];
  await Promise.all([...asked, host.startResident(), host.frame(), host.dismiss(), host.painted()]);
  expect(calls).toEqual([
    ['snapshot', {}],
    ['sessions', { query }],
    ['session', { sessionId: 's-1' }],
    ['rename', { session: 's-1', name: 'name' }],
    ['start_resident', {}],
    ['frame', {}],
    ['dismiss', {}],
    ['painted', {}],
  ]);
});

test('events hand on their payload until unsubscribed', async () => {
  heard();
  const host = createHost();
  const [snapshots, links]: [Snapshot[], boolean[]] = [[], []];
  const stop = await host.onSnapshot((snapshot) => snapshots.push(snapshot));
  await host.onConnection((connected) => links.push(connected));
  const snapshot = ordinary([], 0, START);
  await emit('snapshot', snapshot);
  await emit('connection', false);
  stop();
  await emit('snapshot', snapshot);
  expect(snapshots).toEqual([snapshot]);
  expect(links).toEqual([false]);
});
