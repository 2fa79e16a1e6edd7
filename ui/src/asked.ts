// Something asked of the host that is not in the snapshot: its answer, or why there is none, and how to ask again.
// An answer stays on screen while a newer one is asked for; one that comes too late for its question is dropped.
import { batch, createEffect, createMemo, createSignal, on, onCleanup, type Accessor } from 'solid-js';
import type { Snapshot } from './bindings/Snapshot';
import type { Refusal } from './host/host';
import { toRefusal } from './host/refusal';
import { SECOND } from './time';

export interface Asked<T> {
  /** Null until the first answer. */
  readonly answer: Accessor<T | null>;
  readonly failure: Accessor<Refusal | null>;
  again(): void;
}

/** Asks at once, and whenever what the question is made of changes. */
export function createAsked<Q, T>(question: Accessor<Q>, ask: (question: Q) => Promise<T>): Asked<T> {
  const [answer, setAnswer] = createSignal<T | null>(null);
  const [failure, setFailure] = createSignal<Refusal | null>(null);
  let latest = 0;
  const settle = (mine: number, next: T | null, refusal: Refusal | null) => {
    if (mine !== latest) return;
    batch(() => {
      if (next !== null) setAnswer(() => next);
      setFailure(refusal);
    });
  };
  const put = (asked: Q) => {
    const mine = (latest += 1);
    ask(asked).then(
      (next) => settle(mine, next, null),
      (thrown) => settle(mine, null, toRefusal(thrown)),
    );
  };
  createEffect(on(question, put));
  onCleanup(() => (latest += 1));
  return { answer, failure, again: () => put(question()) };
}

/** What moves more often than this can neither be read nor clicked. */
export const REFRESH = 2 * SECOND;

/**
 * Runs at the edge of each interval in which something changed, unless nobody can see it or `busy` says to wait.
 * After a failure any new snapshot is a reason: somebody is there. The failure itself is none, nor is its end.
 */
export function followChanges(snapshot: Accessor<Snapshot>, failed: () => boolean, run: () => void, busy = () => false): void {
  const mark = createMemo(() => (failed() ? snapshot().at : snapshot().revision));
  let behind = false;
  createEffect<string | number>((before) => {
    const now = mark();
    if (now !== before && typeof now === typeof before) behind = true;
    return now;
  }, mark());
  const timer = setInterval(() => {
    if (!behind || document.hidden || busy()) return;
    behind = false;
    run();
  }, REFRESH);
  onCleanup(() => clearInterval(timer));
}
