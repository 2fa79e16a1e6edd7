// The current page.
import { createRoot } from 'solid-js';
import { expect, test } from 'vitest';
import type { Route } from '../bindings/Route';
import type { Host } from '../host/host';
import { createRouting, pageForRoute, type Routing } from './routing';

const known = ['now', 'sessions', 'alerts'] as const;
const settled = () => new Promise<void>((done) => setTimeout(done));

function withRouting(body: (routing: Routing, answer: (route: Route) => void, push: (route: Route) => void, kept: Route[]) => Promise<void>): Promise<void> {
  let answer!: (route: Route) => void;
  let push!: (route: Route) => void;
  const kept: Route[] = [];
  const host = {
    route: () => new Promise<Route>((resolve) => (answer = resolve)),
    onRoute: (listener: (route: Route) => void) => ((push = listener), Promise.resolve(() => undefined)),
    keepRoute: (route: Route) => kept.push(route),
  };
  return createRoot(async (dispose) => {
    await body(createRouting(host as unknown as Host), answer, push, kept);
    dispose();
  });
}

test('a session route shows the Sessions page, an unknown page shows Now', () => {
  expect(pageForRoute({ page: 'session', sessionId: 's' }, known)).toBe('sessions');
  expect(pageForRoute({ page: 'alerts' }, known)).toBe('alerts');
  expect(pageForRoute({ page: 'history' }, known)).toBe('now');
});

test('the first route is the one the popover was opened for', () =>
  withRouting(async (routing, answer) => {
    answer({ page: 'alerts' });
    await settled();
    expect(routing.route().page).toBe('alerts');
  }));

test('a page chosen before the host responded is kept', () =>
  withRouting(async (routing, answer) => {
    routing.go({ page: 'sessions' });
    answer({ page: 'alerts' });
    await settled();
    expect(routing.route().page).toBe('sessions');
  }));

test('a route pushed by the host is followed', () =>
  withRouting(async (routing, answer, push) => {
    answer({ page: 'now' });
    await settled();
    push({ page: 'session', sessionId: 's' });
    expect(routing.route()).toEqual({ page: 'session', sessionId: 's' });
  }));

test('chosen routes are kept in the address, those of the host are there already', () =>
  withRouting(async (routing, answer, push, kept) => {
    answer({ page: 'history' });
    await settled();
    push({ page: 'alerts' });
    routing.go({ page: 'blocks' });
    routing.keep({ page: 'session', sessionId: 's' });
    expect(kept).toEqual([{ page: 'blocks' }, { page: 'session', sessionId: 's' }]);
    expect(routing.route(), 'a kept route is shown already').toEqual({ page: 'blocks' });
  }));
