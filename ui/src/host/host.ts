// The one way out of the UI. Everything it knows it asks for here, and nothing else reaches the system:
// no other folder may import Tauri, and this surface grows only when a page needs it.
import type { SessionDetail } from '../bindings/SessionDetail';
import type { SessionMetadata } from '../bindings/SessionMetadata';
import type { SessionPage } from '../bindings/SessionPage';
import type { Snapshot } from '../bindings/Snapshot';

/** A slice of the session list, most recent first. */
export interface SessionQuery {
  offset: number;
  limit: number;
  /** Null lists all. */
  search: string | null;
}

/** What stands behind the popover. Every promise rejects with a `Refusal`. */
export interface Host {
  /** The figures of this instant. */
  snapshot(): Promise<Snapshot>;
  /** Calls back with each new snapshot; answers how to stop. */
  onSnapshot(listen: (snapshot: Snapshot) => void): Promise<() => void>;
  /** The resident went away (false) or came back (true). */
  onConnection(listen: (connected: boolean) => void): Promise<() => void>;
  sessions(query: SessionQuery): Promise<SessionPage>;
  /** One session with its models and subagents. */
  session(sessionId: string): Promise<SessionDetail>;
  rename(sessionId: string, name: string): Promise<SessionMetadata>;
  startResident(): Promise<void>;
  /** Closes the popover. */
  dismiss(): Promise<void>;
  /** Tells the app that the first figures are on screen. */
  painted(): Promise<void>;
}

export type RefusalCode = 'nameTaken' | 'nameInvalid' | 'notFound' | 'offline' | 'busy' | 'internal';

/** Why the host did not do what it was asked. */
export interface Refusal {
  code: RefusalCode;
  /** A sentence for a person. */
  message: string;
  /** One thing to do about it. */
  hint: string | null;
}
