// Queries: the order of responses, and automatic refetches. With fake timers.
import { createRoot, createSignal } from 'solid-js';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Snapshot } from '../bindings/Snapshot';
import { createQuery, REFETCH_INTERVAL, refetchOnRevision } from './query';

const settled = () => new Promise((done) => setTimeout(done));

test('a response to an outdated request is dropped', async () => {
  const responses = new Map<string, (value: string) => void>();
  const [key, setKey] = createSignal('first');
  const { query, dispose } = createRoot((dispose) => ({
    dispose,
    query: createQuery(key, (key) => new Promise<string>((respond) => responses.set(key, respond))),
  }));
  await settled();
  setKey('second');
  responses.get('second')?.('new');
  responses.get('first')?.('old');
  await settled();
  expect(query.data()).toBe('new');
  dispose();
});

test('a failure keeps the last data, and the next response clears it', async () => {
  let fails = false;
  const { query, dispose } = createRoot((dispose) => ({
    dispose,
    query: createQuery(
      () => 'key',
      () => (fails ? Promise.reject(Object.assign(new Error('Gone.'), { code: 'offline' })) : Promise.resolve('answer')),
    ),
  }));
  await settled();
  fails = true;
  query.refetch();
  await settled();
  expect([query.data(), query.failure()?.code]).toEqual(['answer', 'offline']);
  fails = false;
  query.refetch();
  await settled();
  expect(query.failure()).toBeNull();
  dispose();
});

describe('refetchOnRevision', () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  /** Provides snapshots, a host that may fail, and the number of requests. */
  async function withSnapshots(body: (controls: { send: (revision: number, at: string) => void; fail: (on: boolean) => void; requests: () => number; wait: (intervals: number) => void }) => void): Promise<void> {
    vi.useFakeTimers();
    await createRoot(async (dispose) => {
      const [snapshot, setSnapshot] = createSignal({ revision: 1, at: 'noon' });
      const [failure, setFailure] = createSignal<object | null>(null);
      let [requests, fails] = [0, false];
      refetchOnRevision(
        () => snapshot() as Snapshot,
        () => failure() !== null,
        // Each failure is a new object, as with a real host.
        () => void ((requests += 1), setFailure(fails ? {} : null)),
      );
      await Promise.resolve();
      body({
        send: (revision, at) => void setSnapshot({ revision, at }),
        fail: (on) => void ((fails = on), setFailure(on ? {} : null)),
        requests: () => requests,
        wait: (intervals) => void vi.advanceTimersByTime(intervals * REFETCH_INTERVAL),
      });
      dispose();
    });
  }

  test('changes cause one refetch per interval, and none without a change', () =>
    withSnapshots(({ send, requests, wait }) => {
      wait(3);
      expect(requests()).toBe(0);
      send(2, 'one');
      send(3, 'two');
      wait(3);
      expect(requests()).toBe(1);
    }));

  test('a failing host is asked once per snapshot, not once per failure', () =>
    withSnapshots(({ send, fail, requests, wait }) => {
      fail(true);
      wait(5);
      expect(requests(), 'a failure causes no refetch').toBe(0);
      send(1, 'one');
      wait(5);
      expect(requests()).toBe(1);
      fail(false);
      wait(5);
      expect(requests(), 'neither does its end').toBe(1);
    }));

  test('a hidden page refetches when it becomes visible', () =>
    withSnapshots(({ send, requests, wait }) => {
      const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
      send(2, 'one');
      wait(3);
      expect(requests()).toBe(0);
      hidden.mockReturnValue(false);
      wait(1);
      expect(requests()).toBe(1);
    }));
});
