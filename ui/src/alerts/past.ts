// The alerts of the past as far as they were looked at, and those seen by being shown here.
// It refuses to lose the list to a failure: the last answer stays.
import { createEffect, createSignal, on, type Accessor } from 'solid-js';
import { createStore, reconcile } from 'solid-js/store';
import type { AlertRow } from '../bindings/AlertRow';
import type { AlertStatus } from '../bindings/AlertStatus';
import type { Host, Refusal } from '../host/host';
import { toRefusal } from '../host/refusal';
import { createVisible } from '../visible';

/** Rows shown at a time: a few screens. */
export const PAGE = 50;

export interface PastAlerts {
  /** Null until the first answer. */
  readonly rows: () => readonly AlertRow[] | null;
  readonly failure: Accessor<Refusal | null>;
  /** Whether there are older ones. */
  readonly more: () => boolean;
  /** Settles once they are there, or are not to be had. */
  showMore(): Promise<void>;
  ask(): void;
}

/** `status` is what the snapshot says; each change of it is a reason to look again. */
export function createPast(host: Host, status: () => AlertStatus, seen: () => void): PastAlerts {
  const [known, setKnown] = createStore<{ rows: AlertRow[] | null }>({ rows: null });
  const [failure, setFailure] = createSignal<Refusal | null>(null);
  const [limit, setLimit] = createSignal(PAGE);
  let asked = 0;
  const ask = async () => {
    const request = (asked += 1);
    try {
      // One more than is shown tells whether there are more.
      const rows = await host.alerts(limit() + 1);
      if (request !== asked) return;
      setKnown('rows', reconcile(rows, { key: 'id' }));
      setFailure(null);
    } catch (thrown) {
      if (request === asked) setFailure(toRefusal(thrown));
    }
  };
  /** Looked at here is seen; a failure is tried again at the next one that comes. */
  const see = async () => {
    try {
      await host.seeAlerts();
      seen();
    } catch {
      // The bell goes on counting, which is true.
    }
  };
  createEffect(on(() => [status().unseen, status().pausedUntil], () => void ask()));
  const visible = createVisible();
  createEffect(on(() => status().unseen > 0 && visible(), (looked) => void (looked && see())));
  return {
    rows: () => known.rows && known.rows.slice(0, limit()),
    failure,
    more: () => (known.rows?.length ?? 0) > limit(),
    showMore: () => {
      setLimit(limit() + PAGE);
      return ask();
    },
    ask: () => void ask(),
  };
}
