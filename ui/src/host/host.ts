// The one way out of the UI. Everything it knows it asks for here, and nothing else reaches the system:
// no other folder may import Tauri, and this surface grows only when a page needs it.
import type { AlertRow } from '../bindings/AlertRow';
import type { AlertRule } from '../bindings/AlertRule';
import type { AlertStatus } from '../bindings/AlertStatus';
import type { BlockHistory } from '../bindings/BlockHistory';
import type { History } from '../bindings/History';
import type { HistoryBy } from '../bindings/HistoryBy';
import type { Pause } from '../bindings/Pause';
import type { Route } from '../bindings/Route';
import type { SessionChanges } from '../bindings/SessionChanges';
import type { SessionDetail } from '../bindings/SessionDetail';
import type { SessionMetadata } from '../bindings/SessionMetadata';
import type { SessionPage } from '../bindings/SessionPage';
import type { SessionSort } from '../bindings/SessionSort';
import type { SettingsPage } from '../bindings/SettingsPage';
import type { Snapshot } from '../bindings/Snapshot';

/** A slice of the session list, most recent first. */
export interface SessionQuery {
  offset: number;
  limit: number;
  /** Null lists all. */
  search: string | null;
  sort: SessionSort;
  /** Sessions that were hidden or are old, too. */
  hiddenToo: boolean;
}

/** How the app is on screen: beside its icon, or as a window of its own where no icon can be. */
export type Frame = 'popover' | 'window';

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
  /** Changes what a person added to a session; what is left out stays. */
  describe(sessionId: string, changes: Partial<SessionChanges>): Promise<SessionMetadata>;
  /** A page of blocks and gaps, the latest first. */
  blocks(offset: number, limit: number): Promise<BlockHistory>;
  /** The days of a range, ends included; null for the first with messages, and for today. */
  history(from: string | null, to: string | null, by: HistoryBy): Promise<History>;
  settings(): Promise<SettingsPage>;
  /** Saves a setting; null goes back to what the file or the program says. Refuses with `badValue`. */
  change(key: string, value: unknown): Promise<SettingsPage>;
  /** Past alerts, the latest first. */
  alerts(limit: number): Promise<AlertRow[]>;
  /** Says that somebody has seen the alerts that the system did not take. */
  seeAlerts(): Promise<AlertStatus>;
  /** Sends one of a rule; answers once its fate is known. */
  testAlert(rule: AlertRule): Promise<AlertStatus>;
  pauseAlerts(pause: Pause): Promise<AlertStatus>;
  frame(): Promise<Frame>;
  /** The page the popover was opened for. */
  route(): Promise<Route>;
  /** Calls back when it is to show another page. */
  onRoute(listen: (route: Route) => void): Promise<() => void>;
  /** Whether the app starts when the user logs in. */
  autostart(): Promise<boolean>;
  setAutostart(on: boolean): Promise<boolean>;
  /** Whether Claude Code's status line runs our command. */
  statusline(): Promise<boolean>;
  setStatusline(on: boolean): Promise<boolean>;
  /** Writes what helps to find a fault into a file; answers its path. */
  saveDiagnostics(): Promise<string>;
  startResident(): Promise<void>;
  /** Closes the popover. */
  dismiss(): Promise<void>;
  /** Tells the app that the first figures are on screen. */
  painted(): Promise<void>;
}

export type RefusalCode = 'nameTaken' | 'nameInvalid' | 'notFound' | 'offline' | 'badValue' | 'busy' | 'internal';

/** Why the host did not do what it was asked. */
export interface Refusal {
  code: RefusalCode;
  /** A sentence for a person. */
  message: string;
  /** One thing to do about it. */
  hint: string | null;
}
