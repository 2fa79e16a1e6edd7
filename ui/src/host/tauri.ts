// The host in the app: requests to the engine share one command, the system's own functions have one each, and each
// subscription is one event.
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { Request } from '../bindings/Request';
import type { Response } from '../bindings/Response';
import type { Route } from '../bindings/Route';
import type { SessionChanges } from '../bindings/SessionChanges';
import type { Snapshot } from '../bindings/Snapshot';
import type { FrameStyle, Host, PageStart } from './host';

declare global {
  interface Window {
    /** Set by the app before the page is loaded. */
    __TOKEN_MONITOR_START__?: PageStart | null;
  }
}

/** The data of a type of response. */
type ResponseData<Type extends Response['type']> = Extract<Response, { type: Type }>['data'];

/** Sends a request to the engine and returns the data of its response, which must be of the expected type. */
async function request<Type extends Response['type']>(expected: Type, request: Request): Promise<ResponseData<Type>> {
  const response = await invoke<Response>('request', { request });
  if (response.type !== expected) throw new Error(`The response has the type ${response.type} instead of ${expected}.`);
  return response.data as ResponseData<Type>;
}

const unchanged: SessionChanges = { name: null, tags: null, description: null, isPinned: null, isHidden: null, isMuted: null };

export function createHost(): Host {
  return {
    start: window.__TOKEN_MONITOR_START__ ?? null,
    snapshot: () => request('snapshot', { type: 'snapshot' }),
    onSnapshot: (listener) => listen<Snapshot>('snapshot', (event) => listener(event.payload)),
    onConnection: (listener) => listen<boolean>('connection', (event) => listener(event.payload)),
    sessions: (query) => request('sessions', { type: 'sessions', ...query }),
    session: (session) => request('session', { type: 'session', session }),
    updateSession: (session, changes) =>
      request('sessionUpdated', { type: 'updateSession', session, changes: { ...unchanged, ...changes } }),
    blocks: (offset, limit) => request('blockHistory', { type: 'blockHistory', offset, limit }),
    history: (from, to, by) => request('history', { type: 'history', from, to, by }),
    settings: () => request('settings', { type: 'settings' }),
    changeSetting: (key, value) => request('settings', { type: 'setSetting', key, value }),
    alerts: (limit) => request('alerts', { type: 'alerts', limit }),
    markAlertsSeen: () => request('alertStatus', { type: 'markAlertsSeen' }),
    testAlert: (rule) => request('alertStatus', { type: 'testAlert', rule }),
    pauseAlerts: (pause) => request('alertStatus', { type: 'pauseAlerts', pause }),
    frame: () => invoke('frame'),
    route: () => invoke('route'),
    onRoute: (listener) => listen<Route>('route', (event) => listener(event.payload)),
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
    copyText: (value) => invoke('copy_text', { text: value }),
    openSessionFolder: (session) => invoke('open_session_folder', { session }),
    saveShareCard: (png) => invoke('save_share_card', { png: [...png] }),
    copyShareCard: (png) => invoke('copy_share_card', { png: [...png] }),
    dismiss: () => invoke('dismiss'),
    onFrameStyle: (listener) => listen<FrameStyle>('frame-style', (event) => listener(event.payload)),
    fitHeight: (height) => invoke('fit_height', { height }),
    painted: () => invoke('painted'),
  };
}
