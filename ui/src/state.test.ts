// What the UI knows, on a clock the test moves and with a host that answers as told.
import { createRoot } from 'solid-js';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Snapshot } from './bindings/Snapshot';
import type { Host } from './host/host';
import { ordinary, START } from './host/scenarios';
import { createLive, PATIENCE, SILENCE, type LiveState } from './state';

beforeEach(() => void vi.useFakeTimers({ now: START }));
afterEach(() => void vi.useRealTimers());

const at = (later: number, tokens: number): Snapshot => {
  const snapshot = ordinary([], 0, START + later);
  return { ...snapshot, today: { ...snapshot.today, totalTokens: tokens } };
};

/** A host whose answers and events the test makes. */
class Puppet {
  answer: () => Promise<Snapshot> = () => Promise.resolve(at(0, 1));
  say: (snapshot: Snapshot) => void = () => undefined;
  connect: (connected: boolean) => void = () => undefined;
  asked = 0;
  readonly host = {
    snapshot: () => ((this.asked += 1), this.answer()),
    onSnapshot: (hear: (snapshot: Snapshot) => void) => ((this.say = hear), Promise.resolve(() => undefined)),
    onConnection: (hear: (connected: boolean) => void) => ((this.connect = hear), Promise.resolve(() => undefined)),
  } as unknown as Host;
}

async function live(puppet: Puppet, body: (state: LiveState) => Promise<void>): Promise<void> {
  await createRoot(async (dispose) => {
    const state = createLive(puppet.host);
    await vi.advanceTimersByTimeAsync(0);
    await body(state);
    dispose();
  });
}

const offline = () => Promise.reject(Object.assign(new Error('Gone.'), { code: 'offline', hint: null }));

test('the first figures are asked for, the next ones arrive', () =>
  live(new Puppet(), async (state) => {
    expect(state.live.snapshot?.today.totalTokens).toBe(1);
    expect(state.live.link).toBe('up');
    await Promise.resolve();
  }));

test('an answer that took longer than the next event is dropped', async () => {
  const puppet = new Puppet();
  await live(puppet, async (state) => {
    let late: (snapshot: Snapshot) => void = () => undefined;
    puppet.answer = () => new Promise((resolve) => (late = resolve));
    void state.refresh();
    puppet.say(at(2_000, 3));
    late(at(1_000, 2));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(state.live.snapshot?.today.totalTokens).toBe(3);
  });
});

test('figures change at most four times a second', async () => {
  const puppet = new Puppet();
  await live(puppet, async (state) => {
    const seen = new Set<number>();
    for (let beat = 0; beat < 100; beat += 1) {
      puppet.say(at(beat * 10, beat + 2));
      await vi.advanceTimersByTimeAsync(10);
      seen.add(state.live.snapshot?.today.totalTokens ?? 0);
    }
    expect(seen.size).toBeLessThanOrEqual(5);
    await vi.advanceTimersByTimeAsync(250);
    expect(state.live.snapshot?.today.totalTokens, 'the last one is shown').toBe(101);
  });
});

test('between snapshots the clock runs on from the engine’s instant', async () => {
  const puppet = new Puppet();
  puppet.answer = () => Promise.resolve(at(3_600_000, 1));
  await live(puppet, async (state) => {
    await vi.advanceTimersByTimeAsync(5_000);
    expect(state.now()).toBe(START + 3_600_000 + 5_000);
  });
});

test('silence is not trusted: the figures are asked for, and found missing', async () => {
  const puppet = new Puppet();
  await live(puppet, async (state) => {
    puppet.answer = () => new Promise(() => undefined);
    await vi.advanceTimersByTimeAsync(SILENCE);
    expect(puppet.asked).toBe(2);
    expect(state.live.unanswered).toBe(false);
    await vi.advanceTimersByTimeAsync(PATIENCE + 1_000);
    expect(state.live.unanswered).toBe(true);
    puppet.say(at(SILENCE, 2));
    expect(state.live.unanswered, 'a snapshot ends the doubt').toBe(false);
  });
});

test('without a resident there is nothing but that', async () => {
  const puppet = new Puppet();
  puppet.answer = offline;
  await live(puppet, async (state) => {
    expect(state.live).toMatchObject({ snapshot: null, link: 'down' });
    puppet.answer = () => Promise.resolve(at(0, 7));
    puppet.connect(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(state.live).toMatchObject({ link: 'up', snapshot: { today: { totalTokens: 7 } } });
  });
});

test('figures outlive the resident', async () => {
  const puppet = new Puppet();
  await live(puppet, async (state) => {
    puppet.connect(false);
    expect(state.live).toMatchObject({ link: 'down', snapshot: { today: { totalTokens: 1 } } });
    await Promise.resolve();
  });
});

test('figures held back come before the end of the resident, never after it', async () => {
  const puppet = new Puppet();
  await live(puppet, async (state) => {
    puppet.say(at(10, 2));
    puppet.say(at(20, 3));
    puppet.connect(false);
    expect(state.live).toMatchObject({ link: 'down', snapshot: { today: { totalTokens: 3 } } });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(state.live.link).toBe('down');
  });
});

test('an answer that was under way when the resident ended is no sign of life', async () => {
  const puppet = new Puppet();
  await live(puppet, async (state) => {
    let late: (snapshot: Snapshot) => void = () => undefined;
    puppet.answer = () => new Promise((resolve) => (late = resolve));
    void state.refresh();
    puppet.connect(false);
    late(at(1_000, 2));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(state.live.link).toBe('down');
  });
});

test('a page that nobody sees asks for nothing, and at once when somebody does', async () => {
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
  const puppet = new Puppet();
  await live(puppet, async () => {
    await vi.advanceTimersByTimeAsync(5 * SILENCE);
    expect(puppet.asked).toBe(1);
    hidden.mockReturnValue(false);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(puppet.asked).toBe(2);
    await Promise.resolve();
  });
  hidden.mockRestore();
});
