// The pages in the order of their tabs. A new page is one more entry here, and nothing else in the frame.
import type { Component } from 'solid-js';
import type { Route } from '../bindings/Route';
import type { Snapshot } from '../bindings/Snapshot';
import type { Host } from '../host/host';
import { Bell, Gear } from '../parts/icons';
import type { PageId } from '../route';
import { text } from '../text';
import { AlertsPage } from './alerts';
import { BlocksPage } from './blocks';
import { HistoryPage } from './history';
import { NowPage } from './now';
import { SessionsPage } from './sessions';
import { SettingsPage } from './settings';

/** What every page is handed. */
export interface PageProps {
  snapshot: Snapshot;
  /** The instant, for words like "3 min ago". */
  now: number;
  host: Host;
  /** What the page was opened for; another one each time it is asked for. */
  route: Route;
  go: (route: Route) => void;
  /** Asks for the figures of this instant, after something was changed here. */
  refresh: () => void;
}

export interface Page {
  id: PageId;
  label: string;
  show: Component<PageProps>;
  /** Stands in the label's place; the label is heard. */
  icon?: Component;
  /** How much of it nobody has seen yet. */
  unseen?: (snapshot: Snapshot | null) => number;
  /** Whether there is something on it before anything was counted. */
  withoutFigures?: true;
}

const unseenAlerts = (snapshot: Snapshot | null) => snapshot?.alerts.unseen ?? 0;

export const pages: readonly Page[] = [
  { id: 'now', label: text.tabs.now, show: NowPage },
  { id: 'sessions', label: text.tabs.sessions, show: SessionsPage },
  { id: 'blocks', label: text.blocksPage.tab, show: BlocksPage },
  { id: 'history', label: text.historyPage.tab, show: HistoryPage },
  { id: 'alerts', label: text.tabs.alerts, show: AlertsPage, icon: Bell, unseen: unseenAlerts, withoutFigures: true },
  { id: 'settings', label: text.tabs.settings, show: SettingsPage, icon: Gear, withoutFigures: true },
];
