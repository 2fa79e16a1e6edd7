// The interface between the UI and its host: the app, the web server or the fixtures. Nothing else reaches the system: no
// other folder may import Tauri or request anything.
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
import type { SessionQuery } from '../bindings/SessionQuery';
import type { SettingsPage } from '../bindings/SettingsPage';
import type { Snapshot } from '../bindings/Snapshot';

/** The kind of the app's window: a popover beside the tray icon, or a window on desktops without one. */
export type Frame = 'popover' | 'window';

/** The look of the window's edges, see styles/frame.css. */
export type FrameStyle = 'shadow' | 'hairline' | 'system';

/** The data that a page has from its first line of script on. */
export interface PageStart {
  /** The figures; null if they were not available in time. */
  snapshot: Snapshot | null;
  route: Route;
  frame: Frame;
  frameStyle: FrameStyle;
  /** True if Claude Code's status line runs our command; null if that was not known in time. */
  isStatuslineOn: boolean | null;
}

/**
 * A part of the UI that not every host can offer. The page shows no control for a part that its host lacks, and calls none
 * of the methods that belong to it.
 *
 * - `appWindow`: the host shows the page in a window of the app, which it can pin, detach, close and resize.
 * - `autostart`: the app can start when the user logs in.
 * - `statusline`: our command can become Claude Code's status line.
 * - `startDaemon`: the host can start the background process.
 * - `demo`: sample data can be shown in place of the user's own.
 * - `diagnostics`: the host can write a diagnostics report to a file.
 * - `openFolder`: the host can open folders in the file manager.
 * - `openDashboard`: the host can open the web dashboard in a browser.
 * - `quit`: the app can be quit.
 * - `signOut`: the user is signed in, and can sign out.
 */
export type HostFeature =
  | 'appWindow'
  | 'autostart'
  | 'statusline'
  | 'startDaemon'
  | 'demo'
  | 'diagnostics'
  | 'openFolder'
  | 'openDashboard'
  | 'quit'
  | 'signOut';

/** The file format of an exported history. */
export type ExportFormat = 'csv' | 'focus';

/** The content of an exported history. */
export interface HistoryExport {
  format: ExportFormat;
  /** The property that divides the days. */
  by: HistoryBy;
  /** The first day; null for the first one with messages. */
  from: string | null;
  /** The last day; null for today. */
  to: string | null;
}

/** The requests to the engine. */
export interface EngineRequests {
  /** Returns the current snapshot. */
  snapshot(): Promise<Snapshot>;
  sessions(query: SessionQuery): Promise<SessionPage>;
  /** Returns a session with its models, subagents and timeline. */
  session(sessionId: string): Promise<SessionDetail>;
  /** Changes user metadata of a session; omitted fields stay unchanged. */
  updateSession(sessionId: string, changes: Partial<SessionChanges>): Promise<SessionMetadata>;
  /** Returns a page of blocks and gaps, latest first. */
  blocks(offset: number, limit: number): Promise<BlockHistory>;
  /** Returns the days from `from` to `to`, both included; null means the first day with messages, or today. */
  history(from: string | null, to: string | null, by: HistoryBy): Promise<History>;
  settings(): Promise<SettingsPage>;
  /** Saves a setting; null removes the saved value. Rejects with `badValue` if the value is invalid. */
  changeSetting(key: string, value: unknown): Promise<SettingsPage>;
  /** Returns past alerts, latest first. */
  alerts(limit: number): Promise<AlertRow[]>;
  /** Marks all alerts as seen. */
  markAlertsSeen(): Promise<AlertStatus>;
  /** Sends a test alert of a rule; resolves once its delivery is known. */
  testAlert(rule: AlertRule): Promise<AlertStatus>;
  pauseAlerts(pause: Pause): Promise<AlertStatus>;
}

/** The host of the UI. Every promise rejects with an `ApiError`. */
export interface Host extends EngineRequests {
  /** The parts of the UI that this host offers. */
  readonly features: ReadonlySet<HostFeature>;
  /** The data at the start of the page; null if the host provides none. */
  readonly start: PageStart | null;
  /** Calls back with each new snapshot; resolves to a function that unsubscribes. */
  onSnapshot(listen: (snapshot: Snapshot) => void): Promise<() => void>;
  /** Calls back when the connection to the background process is lost (false) or restored (true). */
  onConnection(listen: (connected: boolean) => void): Promise<() => void>;
  frame(): Promise<Frame>;
  /** Returns the page the popover was opened for. */
  route(): Promise<Route>;
  /** Calls back when another page is to be shown. */
  onRoute(listen: (route: Route) => void): Promise<() => void>;
  /** Keeps the shown route in the address of the page, if the page has one. */
  keepRoute(route: Route): void;
  /** Returns true if the app starts when the user logs in. */
  autostart(): Promise<boolean>;
  setAutostart(on: boolean): Promise<boolean>;
  /** Returns true if Claude Code's status line runs our command. */
  statusline(): Promise<boolean>;
  setStatusline(on: boolean): Promise<boolean>;
  /** Writes a diagnostics report to a file and returns its path. */
  saveDiagnostics(): Promise<string>;
  startDaemon(): Promise<void>;
  /** Shows sample data in this window, in place of the user's own. */
  startDemo(): Promise<void>;
  /** Ends the sample data. An app that has only sample data quits. */
  leaveDemo(): Promise<void>;
  /** Keeps the popover open when it loses the focus, or not. Returns the new state. */
  setPinned(on: boolean): Promise<boolean>;
  /** Shows a page in a window of its own, and closes the popover. */
  detach(route: Route): Promise<void>;
  /** Quits the app, including its icon. */
  quit(): Promise<void>;
  /** Opens the web dashboard in a browser that is signed in. */
  openDashboard(): Promise<void>;
  /** Copies a text that stays on the clipboard when the window closes. Returns false if the page has to copy it. */
  copyText(value: string): Promise<boolean>;
  /** Opens the working folder of a session in the file manager. */
  openSessionFolder(sessionId: string): Promise<void>;
  /** Saves the share card to a file and returns its path; null if a browser saves it as a download. */
  saveShareCard(png: Uint8Array): Promise<string | null>;
  /** Copies the share card. Returns false if the page has to copy it. */
  copyShareCard(png: Uint8Array): Promise<boolean>;
  /** Saves the history as a file and returns its path; null if a browser saves it as a download. */
  exportHistory(content: HistoryExport): Promise<string | null>;
  /** Signs out of the web server and leaves the page. */
  signOut(): Promise<void>;
  /** Closes the popover. */
  dismiss(): Promise<void>;
  /** Calls back when the look of the window's edges changes. */
  onFrameStyle(listen: (style: FrameStyle) => void): Promise<() => void>;
  /** Gives the window the height of its page. Returns the resulting height, or null if the window keeps its size. */
  fitHeight(height: number): Promise<number | null>;
  /** Reports that the first figures are on screen. */
  painted(): Promise<void>;
}

export type { SessionQuery };
