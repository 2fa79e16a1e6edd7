import { expect, test } from 'vitest';
import type { Route } from '../../bindings/Route';
import { formatRouteHash, parseRouteHash } from './route-hash';

const routes: [Route, string][] = [
  [{ page: 'now' }, '#/now'],
  [{ page: 'sessions' }, '#/sessions'],
  [{ page: 'session', sessionId: 'a/b %?#' }, '#/sessions/a%2Fb%20%25%3F%23'],
  [{ page: 'blocks' }, '#/blocks'],
  [{ page: 'history' }, '#/history'],
  [{ page: 'alerts' }, '#/alerts'],
  [{ page: 'settings' }, '#/settings'],
];

test.each(routes)('%j is the fragment %s', (route, hash) => {
  expect(formatRouteHash(route)).toBe(hash);
  expect(parseRouteHash(hash)).toEqual(route);
});

test.each(['', '#', '#/', '#/elsewhere', '#/__proto__', '#history/', '#/constructor'])('the unknown fragment “%s” leads to Now', (hash) => {
  expect(parseRouteHash(hash)).toEqual({ page: 'now' });
});

test('a malformed session leads to the list', () => {
  expect(parseRouteHash('#/sessions/%E0%A4%A')).toEqual({ page: 'sessions' });
  expect(parseRouteHash('#/sessions/')).toEqual({ page: 'sessions' });
});
