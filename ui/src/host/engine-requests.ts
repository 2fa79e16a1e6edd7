// The requests to the engine, whatever the way they are sent: each has one type of response.
import type { Request } from '../bindings/Request';
import type { Response } from '../bindings/Response';
import type { SessionChanges } from '../bindings/SessionChanges';
import type { EngineRequests } from './host';

/** The data of a type of response. */
type ResponseData<Type extends Response['type']> = Extract<Response, { type: Type }>['data'];

const unchanged: SessionChanges = { name: null, tags: null, description: null, isPinned: null, isHidden: null, isMuted: null, isPrivate: null };

/** Creates the requests from a function that sends one and returns its response. */
export function createEngineRequests(send: (request: Request) => Promise<Response>): EngineRequests {
  /** Returns the data of the response, which must be of the expected type. */
  const request = async <Type extends Response['type']>(expected: Type, sent: Request): Promise<ResponseData<Type>> => {
    const response = await send(sent);
    if (response.type !== expected) throw new Error(`The response has the type ${response.type} instead of ${expected}.`);
    return response.data as ResponseData<Type>;
  };
  return {
    snapshot: () => request('snapshot', { type: 'snapshot' }),
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
  };
}

/** Rejects the call of a method that belongs to a part of the UI that the host lacks. */
export function rejectUnsupported(): Promise<never> {
  return Promise.reject(new Error('This host does not support the call.'));
}
