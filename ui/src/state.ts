// What the UI knows: the last snapshot, whether the resident is there, and what time it is.
// It refuses to invent: between snapshots only the clock moves, and silence is shown as silence.
import { createSignal, onCleanup, type Accessor } from 'solid-js';
import { createStore, reconcile } from 'solid-js/store';
import type { Snapshot } from './bindings/Snapshot';
import type { Host, Refusal } from './host/host';
import { toRefusal } from './host/refusal';
import { pace } from './pace';
import { MINUTE, SECOND } from './time';
import { onSeenAgain } from './visible';

/** Whether the resident is there, as far as is known. */
export type Link = 'asking' | 'up' | 'down';

/** Silence this long is not trusted: the figures are asked for. */
export const SILENCE = MINUTE;

/** An answer that takes longer than this is no answer. */
export const PATIENCE = 10 * SECOND;

export interface Live {
  snapshot: Snapshot | null;
  link: Link;
  /** The figures were asked for and did not come. */
  unanswered: boolean;
}

export interface LiveState {
  readonly live: Live;
  /** The instant, as the engine's clock would say it now. */
  readonly now: Accessor<number>;
  /** Asks for the figures of this instant. */
  refresh(): Promise<void>;
  /** Starts the resident; answers why it could not. */
  start(): Promise<Refusal | null>;
}

/** Subscribes for as long as the owner lives, and asks for the first figures. */
export function createLive(host: Host, read: () => number = Date.now): LiveState {
  const [live, set] = createStore<Live>({ snapshot: null, link: 'asking', unanswered: false });
  const [now, setNow] = createSignal(read());
  // The engine's clock runs on from its last instant, so that a wrong clock here bends nothing.
  let anchor = { at: read(), seen: read() };
  let asked = 0;
  let askedAt = read();

  const tick = () => setNow(anchor.at + (read() - anchor.seen));
  const hear = (snapshot: Snapshot) => {
    anchor = { at: Date.parse(snapshot.at), seen: read() };
    tick();
    set('snapshot', reconcile(snapshot, { key: 'sessionId' }));
    set({ link: 'up', unanswered: false });
  };
  const paced = pace(hear);
  const arrive = (snapshot: Snapshot) => {
    // Whatever is still being asked for is older than this.
    asked += 1;
    paced.offer(snapshot);
  };

  const refresh = async () => {
    const request = (asked += 1);
    askedAt = read();
    try {
      const snapshot = await within(PATIENCE, host.snapshot());
      if (request === asked) paced.offer(snapshot);
    } catch (thrown) {
      if (request === asked) set(failure(toRefusal(thrown)));
    }
  };

  /** The last figures come before the end, and what is still being asked for is no sign of life after it. */
  const farewell = () => {
    asked += 1;
    paced.flush();
  };
  const connect = (connected: boolean) => {
    if (!connected) farewell();
    set({ link: connected ? 'up' : 'down' });
    if (connected) void refresh();
  };
  const start = async () => {
    try {
      await host.startResident();
      await refresh();
      return null;
    } catch (thrown) {
      return toRefusal(thrown);
    }
  };

  const beat = setInterval(() => {
    tick();
    const silent = read() - Math.max(anchor.seen, askedAt);
    // A popover that nobody sees asks for nothing.
    if (live.link === 'up' && silent >= SILENCE && !document.hidden) void refresh();
  }, SECOND);
  onSeenAgain(() => void refresh());

  const stops = [host.onSnapshot(arrive), host.onConnection(connect)];
  void Promise.allSettled(stops).then(refresh);
  onCleanup(() => {
    clearInterval(beat);
    paced.stop();
    for (const stop of stops) void stop.then((end) => end()).catch(() => undefined);
  });
  return { live, now, refresh, start };
}

/** Offline is a fact about the resident; anything else only means that this answer did not come. */
function failure(refusal: Refusal): Partial<Live> {
  return refusal.code === 'offline' ? { link: 'down' } : { unanswered: true };
}

function within<T>(limit: number, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), limit);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
