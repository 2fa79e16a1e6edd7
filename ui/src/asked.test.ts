// Questions and their answers, in the order they come; and when they are put again. Time is moved by hand.
import { createRoot, createSignal } from 'solid-js';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Snapshot } from './bindings/Snapshot';
import { createAsked, followChanges, REFRESH } from './asked';

const settled = () => new Promise((done) => setTimeout(done));

test('an answer to an old question is dropped', async () => {
  const answers = new Map<string, (words: string) => void>();
  const [question, setQuestion] = createSignal('first');
  const { asked, dispose } = createRoot((dispose) => ({
    dispose,
    asked: createAsked(question, (words) => new Promise<string>((answer) => answers.set(words, answer))),
  }));
  await settled();
  setQuestion('second');
  answers.get('second')?.('new');
  answers.get('first')?.('old');
  await settled();
  expect(asked.answer()).toBe('new');
  dispose();
});

test('a failure leaves the last answer, and the next answer ends it', async () => {
  let fails = false;
  const { asked, dispose } = createRoot((dispose) => ({
    dispose,
    asked: createAsked(
      () => 'question',
      () => (fails ? Promise.reject(Object.assign(new Error('Gone.'), { code: 'offline' })) : Promise.resolve('answer')),
    ),
  }));
  await settled();
  fails = true;
  asked.again();
  await settled();
  expect([asked.answer(), asked.failure()?.code]).toEqual(['answer', 'offline']);
  fails = false;
  asked.again();
  await settled();
  expect(asked.failure()).toBeNull();
  dispose();
});

describe('what follows changes', () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  /** Snapshots as they come, a host that fails or does not, and how often it was asked. */
  async function followed(body: (world: { say: (revision: number, at: string) => void; fail: (on: boolean) => void; asked: () => number; wait: (turns: number) => void }) => void): Promise<void> {
    vi.useFakeTimers();
    await createRoot(async (dispose) => {
      const [snapshot, say] = createSignal({ revision: 1, at: 'noon' });
      const [failure, setFailure] = createSignal<object | null>(null);
      let [asked, fails] = [0, false];
      followChanges(
        () => snapshot() as Snapshot,
        () => failure() !== null,
        // Each failure is another one, as a host makes them.
        () => void ((asked += 1), setFailure(fails ? {} : null)),
      );
      await Promise.resolve();
      body({
        say: (revision, at) => void say({ revision, at }),
        fail: (on) => void ((fails = on), setFailure(on ? {} : null)),
        asked: () => asked,
        wait: (turns) => void vi.advanceTimersByTime(turns * REFRESH),
      });
      dispose();
    });
  }

  test('many changes are one question an interval, and no change is none', () =>
    followed(({ say, asked, wait }) => {
      wait(3);
      expect(asked()).toBe(0);
      say(2, 'one');
      say(3, 'two');
      wait(3);
      expect(asked()).toBe(1);
    }));

  test('a host that fails is asked once for each new snapshot, not for each failure', () =>
    followed(({ say, fail, asked, wait }) => {
      fail(true);
      wait(5);
      expect(asked(), 'the failure itself is no reason').toBe(0);
      say(1, 'one');
      wait(5);
      expect(asked()).toBe(1);
      fail(false);
      wait(5);
      expect(asked(), 'nor is its end').toBe(1);
    }));

  test('what nobody sees waits until somebody does', () =>
    followed(({ say, asked, wait }) => {
      const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
      say(2, 'one');
      wait(3);
      expect(asked()).toBe(0);
      hidden.mockReturnValue(false);
      wait(1);
      expect(asked()).toBe(1);
    }));
});
