// The current page and the session it was opened for. A page that does not exist in this build falls back to Now.
import { type Accessor, createSignal, onCleanup } from 'solid-js';
import type { Route } from '../bindings/Route';
import type { Host } from '../host/host';

/** A page with a tab; a session is shown on the Sessions page. */
export type PageId = Exclude<Route['page'], 'session'>;

export interface Routing {
  /** The current route. Updated on every request, even for the same page. */
  readonly route: Accessor<Route>;
  go(route: Route): void;
  /** Keeps a route in the address of the page that is shown without a request, such as a session chosen in its list. */
  keep(route: Route): void;
}

/** Returns the page of a route, out of the known pages. */
export function pageForRoute(route: Route, known: readonly PageId[]): PageId {
  const page = route.page === 'session' ? 'sessions' : route.page;
  return known.includes(page) ? page : 'now';
}

/** Starts with the route the popover was opened for, and follows the host's requests. */
export function createRouting(host: Host): Routing {
  const [route, setRoute] = createSignal<Route>(host.start?.route ?? { page: 'now' }, { equals: false });
  // A page chosen before the host responded is kept.
  let isChosen = false;
  const follow = (next: Route) => {
    isChosen = true;
    setRoute(next);
  };
  const go = (next: Route) => {
    host.keepRoute(next);
    follow(next);
  };
  const subscription = host.onRoute(follow);
  subscription.catch(() => undefined);
  if (!host.start) {
    host.route().then(
      (first) => void (isChosen || first.page === 'now' || setRoute(first)),
      () => undefined,
    );
  }
  onCleanup(() => void subscription.then((unsubscribe) => unsubscribe()).catch(() => undefined));
  return { route, go, keep: (shown) => host.keepRoute(shown) };
}
