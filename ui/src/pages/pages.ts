// The pages in the order of their tabs. A new page is one more entry here, and nothing else in the frame.
import type { Component } from 'solid-js';
import type { Snapshot } from '../bindings/Snapshot';
import type { Host } from '../host/host';
import { text } from '../text';
import { NowPage } from './now';
import { SessionsPage } from './sessions';

/** What every page is handed. */
export interface PageProps {
  snapshot: Snapshot;
  /** The instant, for words like "3 min ago". */
  now: number;
  host: Host;
}

export interface Page {
  id: string;
  label: string;
  show: Component<PageProps>;
}

export const pages: readonly Page[] = [
  { id: 'now', label: text.tabs.now, show: NowPage },
  { id: 'sessions', label: text.tabs.sessions, show: SessionsPage },
];
