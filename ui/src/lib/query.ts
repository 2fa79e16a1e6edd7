// Requests to the host for data that is not in the snapshot. The last data stays while new data is loaded; a response
// to an outdated request is dropped.
import { type Accessor, batch, createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js';
import type { Snapshot } from '../bindings/Snapshot';
import type { ApiError } from '../bindings/ApiError';
import { toRefusal } from '../host/refusal';
import { SECOND } from './time';

export interface Query<T> {
  /** Null until the first response. */
  readonly data: Accessor<T | null>;
  readonly failure: Accessor<ApiError | null>;
  refetch(): void;
}

/** Fetches data now and whenever the key changes. */
export function createQuery<K, T>(key: Accessor<K>, fetchData: (key: K) => Promise<T>): Query<T> {
  const [data, setData] = createSignal<T | null>(null);
  const [failure, setFailure] = createSignal<ApiError | null>(null);
  let latestRequest = 0;
  const settle = (request: number, response: T | null, refusal: ApiError | null) => {
    if (request !== latestRequest) return;
    batch(() => {
      if (response !== null) setData(() => response);
      setFailure(refusal);
    });
  };
  const start = (current: K) => {
    const request = (latestRequest += 1);
    fetchData(current).then(
      (response) => settle(request, response, null),
      (thrown) => settle(request, null, toRefusal(thrown)),
    );
  };
  createEffect(on(key, start));
  onCleanup(() => (latestRequest += 1));
  return { data, failure, refetch: () => start(key()) };
}

/** The minimum time between two automatic refetches, in milliseconds. Faster changes cannot be read or clicked. */
export const REFETCH_INTERVAL = 2 * SECOND;

/**
 * Calls `run` at the end of each interval in which the snapshot's revision changed, unless the page is hidden or
 * `busy` returns true. After a failure every new snapshot triggers a retry; the failure itself and its end do not.
 */
export function refetchOnRevision(snapshot: Accessor<Snapshot>, failed: () => boolean, run: () => void, busy = () => false): void {
  const marker = createMemo(() => (failed() ? snapshot().at : snapshot().revision));
  let isOutdated = false;
  createEffect<string | number>((previous) => {
    const current = marker();
    // A change of the marker's type is the start or the end of a failure.
    if (current !== previous && typeof current === typeof previous) isOutdated = true;
    return current;
  }, marker());
  const timer = setInterval(() => {
    if (!isOutdated || document.hidden || busy()) return;
    isOutdated = false;
    run();
  }, REFETCH_INTERVAL);
  onCleanup(() => clearInterval(timer));
}
