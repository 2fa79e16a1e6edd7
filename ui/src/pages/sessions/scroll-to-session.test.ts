// Scrolling to a session, found or not. The host responds at once.
import { createRoot } from 'solid-js';
import { expect, test } from 'vitest';
import { fixtureSession } from '../../host/fixtures/sessions';
import { fixtureTotals } from '../../host/fixtures/totals';
import type { Host, SessionQuery } from '../../host/host';
import { createSessionScroller, type SessionScroller } from './scroll-to-session';
import { createSessionPages, type SessionPages } from './session-pages';

const settled = () => new Promise<void>((done) => setTimeout(done));
const known = ['near', 'far'];
const requested = (sessionId: string, list: SessionPages) => ({
  sessionId,
  takeFocus: true,
  isRequested: true,
  validFrom: Math.max(1, list.responseCount()),
});

function withScroller(body: (context: { scroller: SessionScroller; list: SessionPages; queries: SessionQuery[]; notFound: () => number }) => Promise<void>): Promise<void> {
  const queries: SessionQuery[] = [];
  /** The list has the nearby session; the other is found by its ID. */
  const sessions = (query: SessionQuery) => {
    queries.push(query);
    const ids = known.filter((id) => (query.search === null ? id === 'near' : id === query.search));
    return Promise.resolve({ sessions: ids.map((sessionId) => ({ ...fixtureSession(1), sessionId })), totals: fixtureTotals(1), count: ids.length, olderCount: 0 });
  };
  return createRoot(async (dispose) => {
    let notFound = 0;
    const list = createSessionPages({ sessions } as unknown as Host);
    const scroller = createSessionScroller(list, () => (notFound += 1));
    list.requestRows({ first: 0, end: 1 });
    await settled();
    await body({ scroller, list, queries, notFound: () => notFound });
    dispose();
  });
}

test('a loaded session is not searched for', () =>
  withScroller(async ({ scroller, list, queries }) => {
    scroller.scrollTo(requested('near', list));
    await settled();
    expect(scroller.target()?.sessionId).toBe('near');
    expect(queries).toHaveLength(1);
  }));

test('a session that is not loaded is searched for by its ID, including hidden ones', () =>
  withScroller(async ({ scroller, list, queries }) => {
    scroller.scrollTo(requested('far', list));
    await settled();
    expect(list.indexOf('far')).toBe(0);
    expect(scroller.target()?.sessionId).toBe('far');
    expect(queries.at(-1)).toMatchObject({ search: 'far', includeHidden: true });
  }));

test('a missing session is given up, and a later search is not replaced', () =>
  withScroller(async ({ scroller, list, queries, notFound }) => {
    scroller.scrollTo(requested('nowhere', list));
    await settled();
    expect([scroller.target(), notFound()]).toEqual([null, 1]);
    list.changeQuery({ search: 'near' });
    await settled();
    expect(list.query()).toMatchObject({ search: 'near', includeHidden: false });
    list.changeQuery({ search: '' });
    await settled();
    expect(queries.at(-1)).toMatchObject({ search: null, includeHidden: false });
  }));

test('hidden sessions shown before the search stay shown', () =>
  withScroller(async ({ scroller, list }) => {
    list.changeQuery({ includeHidden: true });
    await settled();
    scroller.scrollTo(requested('far', list));
    await settled();
    list.changeQuery({ search: '' });
    await settled();
    expect(list.query().includeHidden).toBe(true);
  }));

test('two requests before the response find the session once', () =>
  withScroller(async ({ scroller, list, notFound }) => {
    scroller.scrollTo(requested('far', list));
    scroller.scrollTo(requested('far', list));
    await settled();
    expect([scroller.target()?.sessionId, notFound()]).toEqual(['far', 0]);
  }));

test('a repeated request for a missing session is given up again', () =>
  withScroller(async ({ scroller, list, notFound }) => {
    for (const time of [1, 2]) {
      scroller.scrollTo(requested('nowhere', list));
      await settled();
      expect([scroller.target(), notFound()]).toEqual([null, time]);
    }
  }));
