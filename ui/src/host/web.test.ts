// The requests of the web host, its errors, and its addresses.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Route } from '../bindings/Route';
import { createHost } from './web';
import { FakeEventSource } from './web/fake-event-source';

const fetched = vi.fn<(url: string, options: RequestInit) => Promise<Response>>();
const left: string[] = [];

beforeEach(() => {
  vi.stubGlobal('fetch', fetched);
  vi.stubGlobal('EventSource', FakeEventSource);
  FakeEventSource.created.length = 0;
});

afterEach(() => {
  fetched.mockReset();
  left.length = 0;
  history.replaceState(null, '', '#');
  vi.unstubAllGlobals();
});

const host = () => createHost((path) => left.push(path));

function respondWith(status: number, body: unknown, headers: Record<string, string> = {}): void {
  fetched.mockImplementation(() => Promise.resolve(new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers })));
}

test('a request is posted as JSON with the cookie of the session, and returns the data of its response', async () => {
  respondWith(200, { type: 'sessionUpdated', data: { name: 'name' } });
  expect(await host().updateSession('s-1', { name: 'name' })).toEqual({ name: 'name' });
  const [url, options] = fetched.mock.calls[0] ?? ['', {}];
  expect([url, options.method, options.credentials]).toEqual(['/dashboard/request', 'POST', 'same-origin']);
  const changes = { name: 'name', tags: null, description: null, isPinned: null, isHidden: null, isMuted: null, isPrivate: null };
  expect(JSON.parse(options.body as string)).toEqual({ type: 'updateSession', session: 's-1', changes });
});

test('a response of another type is an error', async () => {
  respondWith(200, { type: 'alerts', data: [] });
  await expect(host().snapshot()).rejects.toThrow('The response has the type alerts instead of snapshot.');
});

test("the server's refusal is passed on", async () => {
  const refusal = { code: 'nameTaken', message: 'The name is in use.', hint: 'Choose another one.' };
  respondWith(409, refusal);
  await expect(host().updateSession('s-1', { name: 'name' })).rejects.toMatchObject(refusal);
  expect(left).toEqual([]);
});

test('problem details and other bodies become sentences', async () => {
  respondWith(400, { title: 'Bad Request', detail: 'The day is not a date.' });
  await expect(host().snapshot()).rejects.toMatchObject({ code: 'internal', message: 'The day is not a date.', hint: null });
  respondWith(502, '<html>');
  await expect(host().snapshot()).rejects.toMatchObject({ code: 'internal', message: 'The request failed.' });
});

test('a server that cannot be reached is offline', async () => {
  fetched.mockRejectedValue(new TypeError('Failed to fetch'));
  await expect(host().snapshot()).rejects.toMatchObject({ code: 'offline', message: 'Token Monitor does not respond.' });
  expect(left).toEqual([]);
});

test('without a session the page leads to the sign-in page', async () => {
  respondWith(401, { code: 'forbidden', message: 'no session', hint: null });
  await expect(host().snapshot()).rejects.toMatchObject({ code: 'forbidden' });
  expect(left).toEqual(['/sign-in']);
});

test('a refused stream without a session leads to the sign-in page', async () => {
  vi.useFakeTimers();
  respondWith(401, {});
  const unsubscribe = await host().onSnapshot(() => undefined);
  FakeEventSource.latest().refuse();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(fetched.mock.calls.map(([url]) => url)).toEqual(['/dashboard/start']);
  expect(left).toEqual(['/sign-in']);
  unsubscribe();
  vi.useRealTimers();
});

test('signing out is posted, and leads to the sign-in page', async () => {
  respondWith(200, '');
  await host().signOut();
  expect(fetched.mock.calls.map(([url, { method }]) => [url, method])).toEqual([['/sign-out', 'POST']]);
  expect(left).toEqual(['/sign-in']);
});

test('a failed sign-out stays on the page', async () => {
  respondWith(500, '');
  await expect(host().signOut()).rejects.toMatchObject({ code: 'internal' });
  expect(left).toEqual([]);
});

test('the address has the route, also when the user goes back', async () => {
  const created = host();
  expect(created.start?.route).toEqual({ page: 'now' });
  created.keepRoute({ page: 'history' });
  expect(location.hash).toBe('#/history');
  expect(host().start?.route).toEqual({ page: 'history' });
  const routes: Route[] = [];
  const unsubscribe = await created.onRoute((route) => routes.push(route));
  history.replaceState(null, '', '#/sessions/s-1');
  dispatchEvent(new Event('hashchange'));
  unsubscribe();
  dispatchEvent(new Event('hashchange'));
  expect(routes).toEqual([{ page: 'session', sessionId: 's-1' }]);
});

test('a shown route adds no entry to the history of the browser', () => {
  const pushed = vi.spyOn(history, 'pushState');
  const created = host();
  created.keepRoute({ page: 'now' });
  expect(pushed, 'the address without a fragment is that of Now').not.toHaveBeenCalled();
  created.keepRoute({ page: 'blocks' });
  created.keepRoute({ page: 'blocks' });
  expect(pushed).toHaveBeenCalledTimes(1);
  pushed.mockRestore();
});

test('an export is saved under the name that the server suggests', async () => {
  respondWith(200, 'day\n', { 'Content-Disposition': 'attachment; filename="usage.csv"' });
  const saved: string[] = [];
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(this.download);
  });
  expect(await host().exportHistory({ format: 'csv', by: 'model', from: null, to: null })).toBeNull();
  expect(saved).toEqual(['usage.csv']);
  click.mockRestore();
});

test('what a browser cannot do is no feature', () => {
  expect([...host().features].sort()).toEqual(['signOut']);
});
