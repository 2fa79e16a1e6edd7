// A session that somebody came for, found or not. The host answers at once, from the sessions it is given.
import { createRoot } from 'solid-js';
import { expect, test } from 'vitest';
import type { Host, SessionQuery } from '../host/host';
import { madeUpSession, madeUpTotals } from '../host/made-up';
import { createListing, type Listing } from './listing';
import { createSeeking, type Seeking } from './seeking';

const settled = () => new Promise<void>((done) => setTimeout(done));
const known = ['near', 'far'];
const cameFor = (sessionId: string, listing: Listing) => ({ sessionId, focus: true, cameFor: true, since: Math.max(1, listing.answers()) });

function sought(body: (world: { seeking: Seeking; listing: Listing; asked: SessionQuery[]; gone: () => number }) => Promise<void>): Promise<void> {
  const asked: SessionQuery[] = [];
  /** The list holds what is near; the rest is found by its id. */
  const sessions = (query: SessionQuery) => {
    asked.push(query);
    const ids = known.filter((id) => (query.search === null ? id === 'near' : id === query.search));
    return Promise.resolve({ sessions: ids.map((sessionId) => ({ ...madeUpSession(1), sessionId })), totals: madeUpTotals(1), count: ids.length });
  };
  return createRoot(async (dispose) => {
    let gone = 0;
    const listing = createListing({ sessions } as unknown as Host);
    const seeking = createSeeking(listing, () => (gone += 1));
    listing.want({ first: 0, end: 1 });
    await settled();
    await body({ seeking, listing, asked, gone: () => gone });
    dispose();
  });
}

test('what is at hand is not searched for', () =>
  sought(async ({ seeking, listing, asked }) => {
    seeking.seek(cameFor('near', listing));
    await settled();
    expect(seeking.due()?.sessionId).toBe('near');
    expect(asked).toHaveLength(1);
  }));

test('what is not is searched for by its id, the hidden ones too', () =>
  sought(async ({ seeking, listing, asked }) => {
    seeking.seek(cameFor('far', listing));
    await settled();
    expect(listing.indexOf('far')).toBe(0);
    expect(seeking.due()?.sessionId).toBe('far');
    expect(asked.at(-1)).toMatchObject({ search: 'far', hiddenToo: true });
  }));

test('what is nowhere is let go, and another search is not turned back into the one for it', () =>
  sought(async ({ seeking, listing, asked, gone }) => {
    seeking.seek(cameFor('nowhere', listing));
    await settled();
    expect([seeking.due(), gone()]).toEqual([null, 1]);
    listing.look({ search: 'near' });
    await settled();
    expect(listing.wish()).toMatchObject({ search: 'near', hiddenToo: false });
    listing.look({ search: '' });
    await settled();
    expect(asked.at(-1)).toMatchObject({ search: null, hiddenToo: false });
  }));

test('who had hidden sessions shown before has them shown after', () =>
  sought(async ({ seeking, listing }) => {
    listing.look({ hiddenToo: true });
    await settled();
    seeking.seek(cameFor('far', listing));
    await settled();
    listing.look({ search: '' });
    await settled();
    expect(listing.wish().hiddenToo).toBe(true);
  }));

test('coming for it twice before the answer finds it once', () =>
  sought(async ({ seeking, listing, gone }) => {
    seeking.seek(cameFor('far', listing));
    seeking.seek(cameFor('far', listing));
    await settled();
    expect([seeking.due()?.sessionId, gone()]).toEqual(['far', 0]);
  }));

test('coming again for what is nowhere says so again', () =>
  sought(async ({ seeking, listing, gone }) => {
    for (const time of [1, 2]) {
      seeking.seek(cameFor('nowhere', listing));
      await settled();
      expect([seeking.due(), gone()]).toEqual([null, time]);
    }
  }));
