// The commands and events exchanged with the app.
import { emit } from '@tauri-apps/api/event';
import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { afterEach, expect, test } from 'vitest';
import type { Snapshot } from '../bindings/Snapshot';
import { ordinarySnapshot } from './fixtures/snapshot';
import { START } from './fixtures/totals';
import { createHost } from './tauri';

afterEach(() => clearMocks());

/** Records all commands and answers requests with a response of a type. */
function recordCalls(response: unknown = null): { calls: [string, unknown][] } {
  const calls: [string, unknown][] = [];
  const answer = (command: string, args: unknown) => {
    calls.push([command, args]);
    return command === 'request' ? response : undefined;
  };
  mockIPC(answer, { shouldMockEvents: true });
  return { calls };
}

test("the system's functions are one command each", async () => {
  const { calls } = recordCalls();
  const host = createHost();
  await Promise.all([host.startDaemon(), host.frame(), host.setAutostart(true), host.dismiss(), host.painted()]);
  expect(calls).toEqual([
    ['start_daemon', {}],
    ['frame', {}],
    ['set_autostart', { on: true }],
    ['dismiss', {}],
    ['painted', {}],
  ]);
});

test('an export and the dashboard are commands of the app', async () => {
  const { calls } = recordCalls();
  const content = { format: 'focus' as const, by: 'model' as const, from: '2026-11-02', to: null };
  await createHost().exportHistory(content);
  await createHost().openDashboard();
  expect(calls).toEqual([
    ['export_history', { content }],
    ['open_dashboard', {}],
  ]);
});

test('a request returns the data of its response', async () => {
  const { calls } = recordCalls({ type: 'sessionUpdated', data: { name: 'name' } });
  expect(await createHost().updateSession('s-1', { name: 'name' })).toEqual({ name: 'name' });
  const changes = { name: 'name', tags: null, description: null, isPinned: null, isHidden: null, isMuted: null, isPrivate: null };
  expect(calls).toEqual([['request', { request: { type: 'updateSession', session: 's-1', changes } }]]);
});

test('the parameters of a query are part of its request', async () => {
  const { calls } = recordCalls({ type: 'sessions', data: { sessions: [] } });
  const query = { offset: 100, limit: 100, search: null, sort: 'recent' as const, includeHidden: false };
  await createHost().sessions(query);
  expect(calls).toEqual([['request', { request: { type: 'sessions', ...query } }]]);
});

test('a response of another type is an error', async () => {
  recordCalls({ type: 'alerts', data: [] });
  await expect(createHost().snapshot()).rejects.toThrow('The response has the type alerts instead of snapshot.');
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
