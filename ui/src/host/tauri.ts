// The host in the app: requests to the engine share one command, the system's own functions have one each, and each
// subscription is one event.
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { Response } from '../bindings/Response';
import type { Route } from '../bindings/Route';
import type { Snapshot } from '../bindings/Snapshot';
import { createEngineRequests, rejectUnsupported } from './engine-requests';
import type { FrameStyle, Host, HostFeature, PageStart } from './host';

declare global {
  interface Window {
    /** Set by the app before the page is loaded. */
    __TOKEN_MONITOR_START__?: PageStart | null;
  }
}

/** Everything but what belongs to a web page. */
const features: ReadonlySet<HostFeature> = new Set(['appWindow', 'autostart', 'statusline', 'startDaemon', 'demo', 'diagnostics', 'openFolder', 'openDashboard', 'quit']);

export function createHost(): Host {
  return {
    ...createEngineRequests((request) => invoke<Response>('request', { request })),
    features,
    start: window.__TOKEN_MONITOR_START__ ?? null,
    onSnapshot: (listener) => listen<Snapshot>('snapshot', (event) => listener(event.payload)),
    onConnection: (listener) => listen<boolean>('connection', (event) => listener(event.payload)),
    frame: () => invoke('frame'),
    route: () => invoke('route'),
    onRoute: (listener) => listen<Route>('route', (event) => listener(event.payload)),
    keepRoute: () => undefined,
    autostart: () => invoke('autostart'),
    setAutostart: (on) => invoke('set_autostart', { on }),
    statusline: () => invoke('statusline'),
    setStatusline: (on) => invoke('set_statusline', { on }),
    saveDiagnostics: () => invoke('save_diagnostics'),
    startDaemon: () => invoke('start_daemon'),
    startDemo: () => invoke('start_demo'),
    leaveDemo: () => invoke('leave_demo'),
    setPinned: (on) => invoke('set_pinned', { on }),
    detach: (route) => invoke('detach', { route }),
    quit: () => invoke('quit'),
    openDashboard: () => invoke('open_dashboard'),
    copyText: (value) => invoke('copy_text', { text: value }),
    openSessionFolder: (session) => invoke('open_session_folder', { session }),
    saveShareCard: (png) => invoke('save_share_card', { png: [...png] }),
    copyShareCard: (png) => invoke('copy_share_card', { png: [...png] }),
    exportHistory: (content) => invoke('export_history', { content }),
    signOut: rejectUnsupported,
    dismiss: () => invoke('dismiss'),
    onFrameStyle: (listener) => listen<FrameStyle>('frame-style', (event) => listener(event.payload)),
    fitHeight: (height) => invoke('fit_height', { height }),
    painted: () => invoke('painted'),
  };
}
