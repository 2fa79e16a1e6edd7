// The past alerts loaded so far. Showing them marks them as seen. A failed request keeps the last list.
import { type Accessor, createEffect, createSignal, on } from 'solid-js';
import { createStore, reconcile } from 'solid-js/store';
import type { AlertRow } from '../../bindings/AlertRow';
import type { AlertStatus } from '../../bindings/AlertStatus';
import type { ApiError } from '../../bindings/ApiError';
import type { Host } from '../../host/host';
import { toRefusal } from '../../host/refusal';
import { createIsVisible } from '../../lib/visibility';

/** Alerts per page. */
export const PAGE_SIZE = 50;

export interface AlertHistory {
  /** Null until the first response. */
  readonly rows: () => readonly AlertRow[] | null;
  readonly failure: Accessor<ApiError | null>;
  /** Returns true if there are older alerts. */
  readonly hasMore: () => boolean;
  /** Loads older alerts; resolves once they arrived or failed. */
  loadMore(): Promise<void>;
  refetch(): void;
}

/** Refetches whenever `status` changes; calls `onSeen` after the alerts were marked as seen. */
export function createAlertHistory(host: Host, status: () => AlertStatus, onSeen: () => void): AlertHistory {
  const [loaded, setLoaded] = createStore<{ rows: AlertRow[] | null }>({ rows: null });
  const [failure, setFailure] = createSignal<ApiError | null>(null);
  const [limit, setLimit] = createSignal(PAGE_SIZE);
  let latestRequest = 0;
  const fetchAlerts = async () => {
    const request = (latestRequest += 1);
    try {
      // One more than is shown, to know if there are older ones.
      const rows = await host.alerts(limit() + 1);
      if (request !== latestRequest) return;
      setLoaded('rows', reconcile(rows, { key: 'id' }));
      setFailure(null);
    } catch (thrown) {
      if (request === latestRequest) setFailure(toRefusal(thrown));
    }
  };
  /** Marks the alerts as seen. A failure is retried when the next alert arrives. */
  const markSeen = async () => {
    try {
      await host.markAlertsSeen();
      onSeen();
    } catch {
      // The badge keeps its count, which is correct.
    }
  };
  createEffect(on(() => [status().unseen, status().pausedUntil], () => void fetchAlerts()));
  const isVisible = createIsVisible();
  createEffect(on(() => status().unseen > 0 && isVisible(), (isShown) => void (isShown && markSeen())));
  return {
    rows: () => loaded.rows && loaded.rows.slice(0, limit()),
    failure,
    hasMore: () => (loaded.rows?.length ?? 0) > limit(),
    loadMore: () => {
      setLimit(limit() + PAGE_SIZE);
      return fetchAlerts();
    },
    refetch: () => void fetchAlerts(),
  };
}
