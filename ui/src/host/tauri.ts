// The host in the app: each call is one command, each subscription one event. It decides nothing.
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
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
    startResident: () => invoke('start_resident'),
    dismiss: () => invoke('dismiss'),
    painted: () => invoke('painted'),
  };
}
