// Which face the popover shows. Pure: it looks at what is known and names one; it draws nothing.
import type { Snapshot } from './bindings/Snapshot';
import type { Link } from './state';

/** What fills the page under the tabs. */
export type Face =
  | { kind: 'asking' }
  | { kind: 'offline' }
  /** Logs are being read for the first time, and nothing is counted yet. */
  | { kind: 'first'; snapshot: Snapshot }
  | { kind: 'empty'; snapshot: Snapshot }
  | { kind: 'figures'; snapshot: Snapshot };

/** Figures once there are any, even old ones: a banner says that they are old. */
export function face(snapshot: Snapshot | null, link: Link): Face {
  if (snapshot === null) return { kind: link === 'down' ? 'offline' : 'asking' };
  if (hasFigures(snapshot)) return { kind: 'figures', snapshot };
  // Empty means looked and found nothing; while logs are being read there is only nothing yet.
  return { kind: snapshot.progress.state === 'live' ? 'empty' : 'first', snapshot };
}

function hasFigures(snapshot: Snapshot): boolean {
  return snapshot.sessionCount > 0 || snapshot.totals.messageCount > 0;
}
