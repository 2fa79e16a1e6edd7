// The host in the app: each call is one command, each subscription one event. It decides nothing.
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { Route } from '../bindings/Route';
import type { Snapshot } from '../bindings/Snapshot';
import type { Host } from './host';

export function createHost(): Host {
  return {
    snapshot: () => invoke('snapshot'),
    onSnapshot: (hear) => listen<Snapshot>('snapshot', (event) => hear(event.payload)),
    onConnection: (hear) => listen<boolean>('connection', (event) => hear(event.payload)),
    sessions: (query) => invoke('sessions', { query }),
    session: (sessionId) => invoke('session', { sessionId }),
    rename: (session, name) => invoke('rename', { session, name }),
    describe: (session, changes) => invoke('describe', { session, changes }),
    blocks: (offset, limit) => invoke('block_history', { offset, limit }),
    history: (from, to, by) => invoke('history', { from, to, by }),
    settings: () => invoke('settings'),
    change: (key, value) => invoke('change', { key, value }),
    alerts: (limit) => invoke('alerts', { limit }),
    seeAlerts: () => invoke('see_alerts'),
    testAlert: (rule) => invoke('test_alert', { rule }),
    pauseAlerts: (pause) => invoke('pause_alerts', { pause }),
    frame: () => invoke('frame'),
    route: () => invoke('route'),
    onRoute: (hear) => listen<Route>('route', (event) => hear(event.payload)),
    autostart: () => invoke('autostart'),
    setAutostart: (on) => invoke('set_autostart', { on }),
    statusline: () => invoke('statusline'),
    setStatusline: (on) => invoke('set_statusline', { on }),
    saveDiagnostics: () => invoke('save_diagnostics'),
    startResident: () => invoke('start_resident'),
    dismiss: () => invoke('dismiss'),
    painted: () => invoke('painted'),
  };
}
