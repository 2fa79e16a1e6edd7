// The latest snapshot, the connection to the background process, and the current time. Between snapshots only the clock
// advances; missing answers are reported as such.
import { type Accessor, createSignal, onCleanup } from 'solid-js';
import { createStore, reconcile } from 'solid-js/store';
import type { Snapshot } from '../bindings/Snapshot';
import type { ApiError } from '../bindings/ApiError';
import type { Host } from '../host/host';
import { toRefusal } from '../host/refusal';
import { throttle } from './throttle';
import { MINUTE, SECOND } from './time';
import { onVisible } from './visibility';

/** The connection to the background process, as far as known. */
export type ConnectionState = 'connecting' | 'connected' | 'disconnected';

/** Time without a snapshot after which one is requested, in milliseconds. */
export const MAX_SILENCE = MINUTE;

/** Time after which a request counts as unanswered, in milliseconds. */
export const ANSWER_TIMEOUT = 10 * SECOND;

/** The reactive state of the store. */
export interface SnapshotState {
  snapshot: Snapshot | null;
  connection: ConnectionState;
  /** True if the last request for a snapshot failed or timed out. */
  isUnanswered: boolean;
}

export interface SnapshotStore {
  readonly state: SnapshotState;
  /** The current time on the engine's clock. */
  readonly now: Accessor<number>;
  /** Requests a new snapshot. */
  refresh(): Promise<void>;
  /** Starts the background process; resolves to the reason if that failed. */
  start(): Promise<ApiError | null>;
}

/** Subscribes to the host for the lifetime of the owner, and requests the first snapshot. */
export function createSnapshotStore(host: Host, readClock: () => number = Date.now): SnapshotStore {
  const [state, setState] = createStore<SnapshotState>({ snapshot: null, connection: 'connecting', isUnanswered: false });
  const [now, setNow] = createSignal(readClock());
  // The engine's clock continues from its last snapshot, so that a wrong clock here does no harm.
  let anchor = { engineTime: readClock(), localTime: readClock() };
  let latestRequest = 0;
  let requestedAt = readClock();

  const updateClock = () => setNow(anchor.engineTime + (readClock() - anchor.localTime));
  const apply = (snapshot: Snapshot) => {
    anchor = { engineTime: Date.parse(snapshot.at), localTime: readClock() };
    updateClock();
    setState('snapshot', reconcile(snapshot, { key: 'sessionId' }));
    setState({ connection: 'connected', isUnanswered: false });
  };
  if (host.start?.snapshot) apply(host.start.snapshot);
  // Without new usage only figures that change with time differ, for example the burn rate.
  const snapshots = throttle(apply, { isMinor: (snapshot, last) => snapshot.revision === last.revision });
  const receive = (snapshot: Snapshot) => {
    // Pending requests are older than this snapshot.
    latestRequest += 1;
    snapshots.push(snapshot);
  };

  const refresh = async () => {
    const request = (latestRequest += 1);
    requestedAt = readClock();
    try {
      const snapshot = await withTimeout(ANSWER_TIMEOUT, host.snapshot());
      if (request === latestRequest) snapshots.push(snapshot);
    } catch (thrown) {
      if (request === latestRequest) setState(stateAfterFailure(toRefusal(thrown)));
    }
  };

  /** Shows the last snapshot before the connection is reported lost, and ignores pending requests after it. */
  const finishPending = () => {
    latestRequest += 1;
    snapshots.flush();
  };
  const setConnected = (connected: boolean) => {
    if (!connected) finishPending();
    setState({ connection: connected ? 'connected' : 'disconnected' });
    if (connected) void refresh();
  };
  const start = async () => {
    try {
      await host.startDaemon();
      await refresh();
      return null;
    } catch (thrown) {
      return toRefusal(thrown);
    }
  };

  const timer = setInterval(() => {
    updateClock();
    const silence = readClock() - Math.max(anchor.localTime, requestedAt);
    // A hidden popover requests nothing.
    if (state.connection === 'connected' && silence >= MAX_SILENCE && !document.hidden) void refresh();
  }, SECOND);
  onVisible(() => void refresh());

  const subscriptions = [host.onSnapshot(receive), host.onConnection(setConnected)];
  void Promise.allSettled(subscriptions).then(refresh);
  onCleanup(() => {
    clearInterval(timer);
    snapshots.stop();
    for (const subscription of subscriptions) void subscription.then((unsubscribe) => unsubscribe()).catch(() => undefined);
  });
  return { state, now, refresh, start };
}

/** Returns `disconnected` for the code `offline`; any other failure only means that this request failed. */
function stateAfterFailure(refusal: ApiError): Partial<SnapshotState> {
  return refusal.code === 'offline' ? { connection: 'disconnected' } : { isUnanswered: true };
}

function withTimeout<T>(timeout: number, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), timeout);
  });
  return Promise.race([promise, expired]).finally(() => clearTimeout(timer));
}
