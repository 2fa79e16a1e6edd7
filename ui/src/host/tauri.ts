// The host in the app: each method is one command, each subscription one event.
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { Route } from '../bindings/Route';
import type { Snapshot } from '../bindings/Snapshot';
import type { Host } from './host';

export function createHost(): Host {
  return {
    snapshot: () => invoke('snapshot'),
    onSnapshot: (listener) => listen<Snapshot>('snapshot', (event) => listener(event.payload)),
    onConnection: (listener) => listen<boolean>('connection', (event) => listener(event.payload)),
    sessions: (query) => invoke('sessions', { query }),
    session: (sessionId) => invoke('session', { sessionId }),
    updateSession: (session, changes) => invoke('describe', { session, changes }),
    blocks: (offset, limit) => invoke('block_history', { offset, limit }),
    history: (from, to, by) => invoke('history', { from, to, by }),
    settings: () => invoke('settings'),
    changeSetting: (key, value) => invoke('change', { key, value }),
    alerts: (limit) => invoke('alerts', { limit }),
    markAlertsSeen: () => invoke('see_alerts'),
    testAlert: (rule) => invoke('test_alert', { rule }),
    pauseAlerts: (pause) => invoke('pause_alerts', { pause }),
    frame: () => invoke('frame'),
    route: () => invoke('route'),
    onRoute: (listener) => listen<Route>('route', (event) => listener(event.payload)),
    autostart: () => invoke('autostart'),
    setAutostart: (on) => invoke('set_autostart', { on }),
    statusline: () => invoke('statusline'),
    setStatusline: (on) => invoke('set_statusline', { on }),
    saveDiagnostics: () => invoke('save_diagnostics'),
    startDaemon: () => invoke('start_resident'),
    dismiss: () => invoke('dismiss'),
    painted: () => invoke('painted'),
  };
}
