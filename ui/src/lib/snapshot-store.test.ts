// The snapshot store, with fake timers and a controlled host.
import { createRoot } from 'solid-js';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Snapshot } from '../bindings/Snapshot';
import { ordinarySnapshot } from '../host/fixtures/snapshot';
import { START } from '../host/fixtures/totals';
import type { Host } from '../host/host';
import { ANSWER_TIMEOUT, createSnapshotStore, MAX_SILENCE, type SnapshotStore } from './snapshot-store';

beforeEach(() => void vi.useFakeTimers({ now: START }));
afterEach(() => void vi.useRealTimers());

const at = (later: number, tokens: number): Snapshot => {
  const snapshot = ordinarySnapshot([], 0, START + later);
  return { ...snapshot, today: { ...snapshot.today, totalTokens: tokens } };
};

/** A host whose responses and events the test controls. */
class FakeHost {
  answer: () => Promise<Snapshot> = () => Promise.resolve(at(0, 1));
  send: (snapshot: Snapshot) => void = () => undefined;
  connect: (connected: boolean) => void = () => undefined;
  requests = 0;
  readonly host = {
    snapshot: () => ((this.requests += 1), this.answer()),
    onSnapshot: (listener: (snapshot: Snapshot) => void) => ((this.send = listener), Promise.resolve(() => undefined)),
    onConnection: (listener: (connected: boolean) => void) => ((this.connect = listener), Promise.resolve(() => undefined)),
  } as unknown as Host;
}

async function withStore(fake: FakeHost, body: (store: SnapshotStore) => Promise<void>): Promise<void> {
  await createRoot(async (dispose) => {
    const store = createSnapshotStore(fake.host);
    await vi.advanceTimersByTimeAsync(0);
    await body(store);
    dispose();
  });
}

const offline = () => Promise.reject(Object.assign(new Error('Gone.'), { code: 'offline', hint: null }));

test('the first snapshot is requested', () =>
  withStore(new FakeHost(), async (store) => {
    expect(store.state.snapshot?.today.totalTokens).toBe(1);
    expect(store.state.connection).toBe('connected');
    await Promise.resolve();
  }));

test('a response older than the latest event is dropped', async () => {
  const fake = new FakeHost();
  await withStore(fake, async (store) => {
    let respondLate: (snapshot: Snapshot) => void = () => undefined;
    fake.answer = () => new Promise((resolve) => (respondLate = resolve));
    void store.refresh();
    fake.send(at(2_000, 3));
    respondLate(at(1_000, 2));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(store.state.snapshot?.today.totalTokens).toBe(3);
  });
});

test('the snapshot changes at most four times a second', async () => {
  const fake = new FakeHost();
  await withStore(fake, async (store) => {
    const seen = new Set<number>();
    for (let beat = 0; beat < 100; beat += 1) {
      fake.send(at(beat * 10, beat + 2));
      await vi.advanceTimersByTimeAsync(10);
      seen.add(store.state.snapshot?.today.totalTokens ?? 0);
    }
    expect(seen.size).toBeLessThanOrEqual(5);
    await vi.advanceTimersByTimeAsync(250);
    expect(store.state.snapshot?.today.totalTokens, 'the last one is shown').toBe(101);
  });
});

test('between snapshots the engine’s clock continues', async () => {
  const fake = new FakeHost();
  fake.answer = () => Promise.resolve(at(3_600_000, 1));
  await withStore(fake, async (store) => {
    await vi.advanceTimersByTimeAsync(5_000);
    expect(store.now()).toBe(START + 3_600_000 + 5_000);
  });
});

test('after a long silence a snapshot is requested and its timeout reported', async () => {
  const fake = new FakeHost();
  await withStore(fake, async (store) => {
    fake.answer = () => new Promise(() => undefined);
    await vi.advanceTimersByTimeAsync(MAX_SILENCE);
    expect(fake.requests).toBe(2);
    expect(store.state.isUnanswered).toBe(false);
    await vi.advanceTimersByTimeAsync(ANSWER_TIMEOUT + 1_000);
    expect(store.state.isUnanswered).toBe(true);
    fake.send(at(MAX_SILENCE, 2));
    expect(store.state.isUnanswered, 'a snapshot clears the flag').toBe(false);
  });
});

test('without the background process the state is disconnected', async () => {
  const fake = new FakeHost();
  fake.answer = offline;
  await withStore(fake, async (store) => {
    expect(store.state).toMatchObject({ snapshot: null, connection: 'disconnected' });
    fake.answer = () => Promise.resolve(at(0, 7));
    fake.connect(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(store.state).toMatchObject({ connection: 'connected', snapshot: { today: { totalTokens: 7 } } });
  });
});

test('the last snapshot stays after a disconnection', async () => {
  const fake = new FakeHost();
  await withStore(fake, async (store) => {
    fake.connect(false);
    expect(store.state).toMatchObject({ connection: 'disconnected', snapshot: { today: { totalTokens: 1 } } });
    await Promise.resolve();
  });
});

test('a pending snapshot is applied before a disconnection, never after it', async () => {
  const fake = new FakeHost();
  await withStore(fake, async (store) => {
    fake.send(at(10, 2));
    fake.send(at(20, 3));
    fake.connect(false);
    expect(store.state).toMatchObject({ connection: 'disconnected', snapshot: { today: { totalTokens: 3 } } });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(store.state.connection).toBe('disconnected');
  });
});

test('a response that was pending at a disconnection does not reconnect', async () => {
  const fake = new FakeHost();
  await withStore(fake, async (store) => {
    let respondLate: (snapshot: Snapshot) => void = () => undefined;
    fake.answer = () => new Promise((resolve) => (respondLate = resolve));
    void store.refresh();
    fake.connect(false);
    respondLate(at(1_000, 2));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(store.state.connection).toBe('disconnected');
  });
});

test('a hidden page requests nothing, and a visible one at once', async () => {
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
  const fake = new FakeHost();
  await withStore(fake, async () => {
    await vi.advanceTimersByTimeAsync(5 * MAX_SILENCE);
    expect(fake.requests).toBe(1);
    hidden.mockReturnValue(false);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(fake.requests).toBe(2);
    await Promise.resolve();
  });
  hidden.mockRestore();
});
