// The shown route as the fragment of the address, such as `#/history` or `#/sessions/ID`. Pure.
import type { Route } from '../../bindings/Route';
import type { PageId } from '../../lib/routing';

const pages: readonly PageId[] = ['now', 'sessions', 'blocks', 'history', 'alerts', 'settings'];

export function formatRouteHash(route: Route): string {
  return route.page === 'session' ? `#/sessions/${encodeURIComponent(route.sessionId)}` : `#/${route.page}`;
}

/** Returns the route of a fragment; *Now* for an unknown one. */
export function parseRouteHash(hash: string): Route {
  const [page, id] = hash.replace(/^#\//, '').split('/');
  const sessionId = decode(id ?? '');
  if (page === 'sessions' && sessionId !== '') return { page: 'session', sessionId };
  return { page: pages.find((known) => known === page) ?? 'now' };
}

/** Decodes a part of an address; a malformed one becomes empty. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
