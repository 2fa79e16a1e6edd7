// Which page is shown.
import { createRoot } from 'solid-js';
import { expect, test } from 'vitest';
import type { Route } from './bindings/Route';
import type { Host } from './host/host';
import { createRouting, pageOf, type Routing } from './route';

const known = ['now', 'sessions', 'alerts'] as const;
const settled = () => new Promise<void>((done) => setTimeout(done));

function routed(body: (routing: Routing, answer: (route: Route) => void, push: (route: Route) => void) => Promise<void>): Promise<void> {
  let answer!: (route: Route) => void;
  let push!: (route: Route) => void;
  const host = {
    route: () => new Promise<Route>((resolve) => (answer = resolve)),
    onRoute: (hear: (route: Route) => void) => ((push = hear), Promise.resolve(() => undefined)),
  };
  return createRoot(async (dispose) => {
    await body(createRouting(host as unknown as Host), answer, push);
    dispose();
  });
}

test('a session is shown among the sessions, and a page this build does not have is Now', () => {
  expect(pageOf({ page: 'session', sessionId: 's' }, known)).toBe('sessions');
  expect(pageOf({ page: 'alerts' }, known)).toBe('alerts');
  expect(pageOf({ page: 'history' }, known)).toBe('now');
});

test('it begins with what the popover was opened for', () =>
  routed(async (routing, answer) => {
    answer({ page: 'alerts' });
    await settled();
    expect(routing.route().page).toBe('alerts');
  }));

test('whoever chose before the answer has chosen', () =>
  routed(async (routing, answer) => {
    routing.go({ page: 'sessions' });
    answer({ page: 'alerts' });
    await settled();
    expect(routing.route().page).toBe('sessions');
  }));

test('a host that opens another page is followed', () =>
  routed(async (routing, answer, push) => {
    answer({ page: 'now' });
    await settled();
    push({ page: 'session', sessionId: 's' });
    expect(routing.route()).toEqual({ page: 'session', sessionId: 's' });
  }));
