// The state of the page area: loading, offline, first scan, no logs, or ready. Pure.
import type { Snapshot } from '../bindings/Snapshot';
import type { ConnectionState } from './snapshot-store';

/** The content below the tabs. */
export type PageState =
  | { kind: 'loading' }
  | { kind: 'offline' }
  /** Logs are being read for the first time, and nothing is counted yet. */
  | { kind: 'firstScan'; snapshot: Snapshot }
  | { kind: 'empty'; snapshot: Snapshot }
  | { kind: 'ready'; snapshot: Snapshot };

/** Returns `ready` once there is usage, even if it is outdated: a banner shows that. */
export function pageState(snapshot: Snapshot | null, connection: ConnectionState): PageState {
  if (snapshot === null) return { kind: connection === 'disconnected' ? 'offline' : 'loading' };
  if (hasUsage(snapshot)) return { kind: 'ready', snapshot };
  // No logs were found, unless they are still being read.
  return { kind: snapshot.progress.state === 'live' ? 'empty' : 'firstScan', snapshot };
}

function hasUsage(snapshot: Snapshot): boolean {
  return snapshot.sessionCount > 0 || snapshot.totals.messageCount > 0;
}
