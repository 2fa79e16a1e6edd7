// The contexts of the app: host, snapshot store and routing everywhere, snapshot and clock inside a page.
import { type Accessor, type Context, createContext, useContext } from 'solid-js';
import type { Snapshot } from '../bindings/Snapshot';
import type { Host, HostFeature } from '../host/host';
import type { Routing } from './routing';
import type { SnapshotStore } from './snapshot-store';

/** The time of the latest snapshot, advanced every second, and the zone in which times are shown. */
export interface Clock {
  readonly now: Accessor<number>;
  readonly zone: Accessor<string>;
}

export const HostContext = createContext<Host>();
export const SnapshotStoreContext = createContext<SnapshotStore>();
export const RoutingContext = createContext<Routing>();
export const SnapshotContext = createContext<Accessor<Snapshot>>();
export const ClockContext = createContext<Clock>();

export const useHost = (): Host => requireContext(HostContext);
/** Returns true if the host offers a part of the UI. */
export const useFeature = (feature: HostFeature): boolean => useHost().features.has(feature);
export const useSnapshotStore = (): SnapshotStore => requireContext(SnapshotStoreContext);
export const useRouting = (): Routing => requireContext(RoutingContext);
export const useSnapshot = (): Accessor<Snapshot> => requireContext(SnapshotContext);
export const useClock = (): Clock => requireContext(ClockContext);

function requireContext<T>(context: Context<T | undefined>): T {
  const value = useContext(context);
  if (value === undefined) throw new Error('used outside of its context provider');
  return value;
}
