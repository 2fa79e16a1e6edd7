// What is known of an opened session. The host answers when the test says so.
import { createRoot, createSignal } from 'solid-js';
import { expect, test } from 'vitest';
import type { SessionDetail } from '../bindings/SessionDetail';
import type { SessionStats } from '../bindings/SessionStats';
import type { Host } from '../host/host';
import { madeUpDetail, madeUpSession } from '../host/made-up';
import { createDetail } from './detail';

interface Question {
  answer: (detail: SessionDetail) => Promise<void>;
  refuse: () => Promise<void>;
}

const settled = () => new Promise<void>((done) => setTimeout(done));
const row = madeUpSession(0);
const of = (runs: number) => madeUpDetail(row, runs);

function opened(body: (known: ReturnType<typeof createDetail>, ask: (at: number) => Question, change: (row: SessionStats) => void, asked: () => number) => Promise<void>) {
  const questions: Question[] = [];
  const session = () =>
    new Promise<SessionDetail>((resolve, reject) => {
      questions.push({
        answer: (detail) => (resolve(detail), settled()),
        refuse: () => (reject(Object.assign(new Error('Busy.'), { code: 'busy', hint: null })), settled()),
      });
    });
  return createRoot(async (dispose) => {
    const [shown, show] = createSignal(row);
    const known = createDetail({ session } as unknown as Host, shown);
    await settled();
    await body(known, (at) => questions[at] as Question, (changed) => void show(changed), () => questions.length);
    dispose();
  });
}

test('it is asked for once, and again when the row changed', () =>
  opened(async (known, ask, change, asked) => {
    await ask(0).answer(of(1));
    expect(known.detail()?.runs).toHaveLength(1);
    change({ ...row });
    expect(asked(), 'the same figures in a new row').toBe(1);
    change({ ...row, totalTokens: row.totalTokens + 1 });
    expect(asked()).toBe(2);
    expect(known.detail()?.runs, 'the last answer stays meanwhile').toHaveLength(1);
    await ask(1).answer(of(2));
    expect(known.detail()?.runs).toHaveLength(2);
  }));

test('an answer that was overtaken is dropped', () =>
  opened(async (known, ask, change) => {
    change({ ...row, totalTokens: row.totalTokens + 1 });
    await ask(1).answer(of(2));
    await ask(0).answer(of(1));
    expect(known.detail()?.runs).toHaveLength(2);
  }));

test('a failure is told until an answer comes', () =>
  opened(async (known, ask, change) => {
    await ask(0).refuse();
    expect(known.failure()?.message).toBe('Busy.');
    change({ ...row, totalTokens: row.totalTokens + 1 });
    await ask(1).answer(of(1));
    expect(known.failure()).toBeNull();
  }));
