// The pages in tab order. Adding a page needs one entry here.
import type { Component } from 'solid-js';
import type { Snapshot } from '../bindings/Snapshot';
import { Bell, Gear } from '../components/icons';
import type { PageId } from '../lib/routing';
import { text } from '../strings';
import { AlertsPage } from './alerts/alerts-page';
import { BlocksPage } from './blocks/blocks-page';
import { HistoryPage } from './history/history-page';
import { NowPage } from './now/now-page';
import { SessionsPage } from './sessions/sessions-page';
import { SettingsPage } from './settings/settings-page';

/** A page with a tab. Pages get their data from the contexts. */
export interface Page {
  id: PageId;
  label: string;
  component: Component;
  /** Shown instead of the label, which stays the accessible name. */
  icon?: Component;
  /** Returns the number of unseen items on the page. */
  unseen?: (snapshot: Snapshot | null) => number;
  /** True if the page has content before anything was counted. */
  worksWithoutUsage?: true;
}

const unseenAlerts = (snapshot: Snapshot | null) => snapshot?.alerts.unseen ?? 0;

export const pages: readonly Page[] = [
  { id: 'now', label: text.app.tabs.now, component: NowPage },
  { id: 'sessions', label: text.app.tabs.sessions, component: SessionsPage },
  { id: 'blocks', label: text.app.tabs.blocks, component: BlocksPage },
  { id: 'history', label: text.app.tabs.history, component: HistoryPage },
  { id: 'alerts', label: text.app.tabs.alerts, component: AlertsPage, icon: Bell, unseen: unseenAlerts, worksWithoutUsage: true },
  { id: 'settings', label: text.app.tabs.settings, component: SettingsPage, icon: Gear, worksWithoutUsage: true },
];
