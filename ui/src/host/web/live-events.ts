// Snapshots as server-sent events, in one stream for all listeners. The browser reconnects after a broken connection; a
// refused stream is opened again here, with growing delays. A page that is not seen for long gives its connection back,
// because a browser has few for each server.
import type { Snapshot } from '../../bindings/Snapshot';
import { MINUTE, SECOND } from '../../lib/time';

const EVENTS = '/api/v1/events';

/** The first and the longest delay before a refused stream is opened again, in milliseconds. */
export const [MIN_RETRY_DELAY, MAX_RETRY_DELAY] = [SECOND, 30 * SECOND];

/** Time after which a hidden page closes its stream, in milliseconds. */
export const MAX_HIDDEN_TIME = MINUTE;

/** Stops a subscription. */
type Unsubscribe = () => void;

export interface LiveEvents {
  onSnapshot(listener: (snapshot: Snapshot) => void): Unsubscribe;
  /** Calls back when the stream is lost (false) or open again (true). */
  onConnection(listener: (connected: boolean) => void): Unsubscribe;
}

/** Creates the events. `isReachable` checks the server before a refused stream is opened again, and notices a missing session. */
export function createLiveEvents(isReachable: () => Promise<boolean>): LiveEvents {
  const snapshots = new Set<(snapshot: Snapshot) => void>();
  const connections = new Set<(connected: boolean) => void>();
  let source: EventSource | null = null;
  let isLost = false;
  let refusals = 0;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let hiddenTimer: ReturnType<typeof setTimeout> | undefined;

  const isUsed = () => snapshots.size + connections.size > 0;
  const setLost = (lost: boolean) => {
    if (lost === isLost) return;
    isLost = lost;
    for (const listener of connections) listener(!lost);
  };
  const close = () => {
    clearTimeout(retryTimer);
    source?.close();
    source = null;
  };
  const retry = async () => {
    if (await isReachable()) open();
    else retryLater();
  };
  const retryLater = () => {
    close();
    const delay = Math.min(MAX_RETRY_DELAY, MIN_RETRY_DELAY * 2 ** refusals);
    refusals += 1;
    retryTimer = setTimeout(() => void retry(), delay);
  };
  const open = () => {
    close();
    if (!isUsed()) return;
    const opened = new EventSource(EVENTS);
    source = opened;
    opened.addEventListener('open', () => {
      refusals = 0;
      setLost(false);
    });
    opened.addEventListener('snapshot', (event) => {
      const snapshot = JSON.parse((event as MessageEvent<string>).data) as Snapshot;
      for (const listener of snapshots) listener(snapshot);
    });
    opened.addEventListener('error', () => {
      setLost(true);
      if (opened.readyState === EventSource.CLOSED && source === opened) retryLater();
    });
  };
  const followVisibility = () => {
    clearTimeout(hiddenTimer);
    if (document.hidden) hiddenTimer = setTimeout(close, MAX_HIDDEN_TIME);
    else if (source === null) open();
  };

  const subscribe = <T>(listeners: Set<T>, listener: T): Unsubscribe => {
    if (!isUsed()) document.addEventListener('visibilitychange', followVisibility);
    listeners.add(listener);
    if (source === null) open();
    return () => {
      listeners.delete(listener);
      if (isUsed()) return;
      document.removeEventListener('visibilitychange', followVisibility);
      clearTimeout(hiddenTimer);
      close();
    };
  };
  return {
    onSnapshot: (listener) => subscribe(snapshots, listener),
    onConnection: (listener) => subscribe(connections, listener),
  };
}
