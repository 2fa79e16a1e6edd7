// The pages of a changing list, with a controlled host.
import { expect, test } from 'vitest';
import type { SessionPage } from '../../bindings/SessionPage';
import type { SessionStats } from '../../bindings/SessionStats';
import { fixtureSession } from '../../host/fixtures/sessions';
import { fixtureTotals } from '../../host/fixtures/totals';
import type { Host, SessionQuery } from '../../host/host';
import { createSessionPages, PAGE_SIZE } from './session-pages';

interface PendingRequest {
  query: SessionQuery;
  respond: (ids: readonly string[], count: number) => Promise<void>;
  refuse: () => Promise<void>;
}

const sessionNamed = (sessionId: string): SessionStats => ({ ...fixtureSession(1), sessionId, displayName: sessionId });
const ids = (from: number, count = PAGE_SIZE) => Array.from({ length: count }, (_, at) => `s${from + at}`);
const settled = () => new Promise<void>((done) => setTimeout(done));

function createList() {
  const requests: PendingRequest[] = [];
  const sessions = (query: SessionQuery) =>
    new Promise<SessionPage>((resolve, reject) => {
      requests.push({
        query,
        respond: (found, count) => (resolve({ sessions: found.map(sessionNamed), totals: fixtureTotals(1), count, olderCount: 0 }), settled()),
        refuse: () => (reject(Object.assign(new Error('Busy.'), { code: 'busy', hint: null })), settled()),
      });
    });
  return { list: createSessionPages({ sessions } as unknown as Host), requests, request: (at: number) => requests[at] as PendingRequest };
}

test('a page is fetched once, when one of its rows comes into view', async () => {
  const { list, requests, request } = createList();
  list.requestRows({ first: 0, end: 10 });
  list.requestRows({ first: 2, end: 12 });
  await request(0).respond(ids(0), 350);
  list.requestRows({ first: 95, end: 105 });
  expect(requests.map((request) => request.query.offset)).toEqual([0, 100]);
  expect(list.count()).toBe(350);
  expect(list.row(7)?.sessionId).toBe('s7');
  expect(list.row(107), 'not fetched yet').toBeNull();
});

test('a response to an outdated search is dropped', async () => {
  const { list, request } = createList();
  list.requestRows({ first: 0, end: 10 });
  list.changeQuery({ search: 'web' });
  await request(1).respond(['found'], 1);
  await request(0).respond(ids(0), 350);
  expect(list.count()).toBe(1);
  expect(list.row(0)?.sessionId).toBe('found');
});

test('a blank search lists all', () => {
  const { list, request } = createList();
  list.changeQuery({ search: '  web ' });
  list.changeQuery({ search: '   ' });
  expect([request(0).query.search, request(1).query.search]).toEqual(['web', null]);
});

test('a session that moved to another page is removed from its old one', async () => {
  const { list, requests, request } = createList();
  list.requestRows({ first: 95, end: 105 });
  await request(0).respond(ids(0), 200);
  await request(1).respond(['s99', ...ids(100, 99)], 200);
  expect(list.indexOf('s99')).toBe(100);
  expect(list.row(99), 'its old page is refetched').toBeNull();
  expect(requests.map((request) => request.query.offset)).toEqual([0, 100, 0]);
});

test('a refresh keeps the rows until the response', async () => {
  const { list, request } = createList();
  list.requestRows({ first: 0, end: 10 });
  await request(0).respond(ids(0), 100);
  list.refresh();
  expect(list.row(0)?.sessionId).toBe('s0');
  await request(1).respond(['new', ...ids(0, 99)], 101);
  expect(list.row(0)?.sessionId).toBe('new');
});

test('after a failure nothing is fetched until refresh', async () => {
  const { list, requests, request } = createList();
  list.requestRows({ first: 0, end: 10 });
  await request(0).refuse();
  list.requestRows({ first: 0, end: 12 });
  expect(requests).toHaveLength(1);
  expect(list.failure()?.message).toBe('Busy.');
  list.refresh();
  await request(1).respond(ids(0), 100);
  expect(list.failure()).toBeNull();
});

test('only the pages nearest to the view are kept', async () => {
  const { list, requests, request } = createList();
  for (let page = 0; page < 30; page += 1) {
    list.requestRows({ first: page * PAGE_SIZE, end: page * PAGE_SIZE + 10 });
    await request(requests.length - 1).respond(ids(page * PAGE_SIZE), 10_000);
  }
  expect(list.row(0), 'dropped').toBeNull();
  expect(list.row(2_900)?.sessionId).toBe('s2900');
});

test('a new sort order or filter refetches the list', () => {
  const { list, requests } = createList();
  list.changeQuery({ sort: 'cost' });
  list.changeQuery({ includeHidden: true });
  list.changeQuery({ sort: 'cost', includeHidden: true });
  expect(requests.map(({ query }) => [query.sort, query.includeHidden])).toEqual([
    ['cost', false],
    ['cost', true],
  ]);
});

test('a new name is shown before the next response', async () => {
  const { list, requests, request } = createList();
  list.requestRows({ first: 0, end: 10 });
  await request(0).respond(ids(0), 100);
  list.applyMetadata({ uuid: 's3', name: 'mine', projectPath: null, createdAt: '', updatedAt: '', tags: [], description: null, isPinned: false, isHidden: false, isMuted: true, isPrivate: false });
  expect(list.row(3)).toMatchObject({ sessionName: 'mine', displayName: 'mine', nameSource: 'user', isMuted: true });
  expect(requests, 'its position is refetched').toHaveLength(2);
});
