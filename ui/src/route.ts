// Which page is shown, and what it was opened for. It refuses to lead nowhere: a page this build does not have is Now.
import { createSignal, onCleanup, type Accessor } from 'solid-js';
import type { Route } from './bindings/Route';
import type { Host } from './host/host';

/** A page that has a tab; a session is shown on the page of all sessions. */
export type PageId = Exclude<Route['page'], 'session'>;

export interface Routing {
  /** Changes with each call for a page, the same one again among them. */
  readonly route: Accessor<Route>;
  go(route: Route): void;
}

/** The page a route is shown on, of those there are. */
export function pageOf(route: Route, known: readonly PageId[]): PageId {
  const page = route.page === 'session' ? 'sessions' : route.page;
  return known.includes(page) ? page : 'now';
}

/** Begins with what the host opened the popover for, and follows it from then on. */
export function createRouting(host: Host): Routing {
  const [route, setRoute] = createSignal<Route>({ page: 'now' }, { equals: false });
  // Whoever chose a page before the host answered has chosen.
  let chosen = false;
  const go = (next: Route) => {
    chosen = true;
    setRoute(next);
  };
  const stop = host.onRoute(go);
  stop.catch(() => undefined);
  host.route().then(
    (first) => void (chosen || first.page === 'now' || setRoute(first)),
    () => undefined,
  );
  onCleanup(() => void stop.then((end) => end()).catch(() => undefined));
  return { route, go };
}
