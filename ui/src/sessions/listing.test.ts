// Pages of a list that moves while it is read. The host answers when the test says so.
import { expect, test } from 'vitest';
import type { SessionPage } from '../bindings/SessionPage';
import type { SessionStats } from '../bindings/SessionStats';
import type { Host, SessionQuery } from '../host/host';
import { madeUpSession, madeUpTotals } from '../host/made-up';
import { createListing, PAGE } from './listing';

interface Question {
  query: SessionQuery;
  answer: (ids: readonly string[], count: number) => Promise<void>;
  refuse: () => Promise<void>;
}

const named = (sessionId: string): SessionStats => ({ ...madeUpSession(1), sessionId, displayName: sessionId });
const ids = (from: number, count = PAGE) => Array.from({ length: count }, (_, at) => `s${from + at}`);
const settled = () => new Promise<void>((done) => setTimeout(done));

function listing() {
  const questions: Question[] = [];
  const sessions = (query: SessionQuery) =>
    new Promise<SessionPage>((resolve, reject) => {
      questions.push({
        query,
        answer: (found, count) => (resolve({ sessions: found.map(named), totals: madeUpTotals(1), count }), settled()),
        refuse: () => (reject(Object.assign(new Error('Busy.'), { code: 'busy', hint: null })), settled()),
      });
    });
  return { list: createListing({ sessions } as unknown as Host), questions, ask: (at: number) => questions[at] as Question };
}

test('a page is fetched when one of its rows comes into view, and once', async () => {
  const { list, questions, ask } = listing();
  list.want({ first: 0, end: 10 });
  list.want({ first: 2, end: 12 });
  await ask(0).answer(ids(0), 350);
  list.want({ first: 95, end: 105 });
  expect(questions.map((question) => question.query.offset)).toEqual([0, 100]);
  expect(list.count()).toBe(350);
  expect(list.row(7)?.sessionId).toBe('s7');
  expect(list.row(107), 'not fetched yet').toBeNull();
});

test('an answer to an old search is dropped', async () => {
  const { list, ask } = listing();
  list.want({ first: 0, end: 10 });
  list.look({ search: 'web' });
  await ask(1).answer(['found'], 1);
  await ask(0).answer(ids(0), 350);
  expect(list.count()).toBe(1);
  expect(list.row(0)?.sessionId).toBe('found');
});

test('a blank search lists all', () => {
  const { list, ask } = listing();
  list.look({ search: '  web ' });
  list.look({ search: '   ' });
  expect([ask(0).query.search, ask(1).query.search]).toEqual(['web', null]);
});

test('a session that moved to another page stands there alone', async () => {
  const { list, questions, ask } = listing();
  list.want({ first: 95, end: 105 });
  await ask(0).answer(ids(0), 200);
  await ask(1).answer(['s99', ...ids(100, 99)], 200);
  expect(list.indexOf('s99')).toBe(100);
  expect(list.row(99), 'its old place is asked for again').toBeNull();
  expect(questions.map((question) => question.query.offset)).toEqual([0, 100, 0]);
});

test('a refresh keeps the rows until the new ones are there', async () => {
  const { list, ask } = listing();
  list.want({ first: 0, end: 10 });
  await ask(0).answer(ids(0), 100);
  list.refresh();
  expect(list.row(0)?.sessionId).toBe('s0');
  await ask(1).answer(['new', ...ids(0, 99)], 101);
  expect(list.row(0)?.sessionId).toBe('new');
});

test('after a failure it waits to be told to ask again', async () => {
  const { list, questions, ask } = listing();
  list.want({ first: 0, end: 10 });
  await ask(0).refuse();
  list.want({ first: 0, end: 12 });
  expect(questions).toHaveLength(1);
  expect(list.failure()?.message).toBe('Busy.');
  list.refresh();
  await ask(1).answer(ids(0), 100);
  expect(list.failure()).toBeNull();
});

test('a long way down, only the nearest pages are kept', async () => {
  const { list, questions, ask } = listing();
  for (let page = 0; page < 30; page += 1) {
    list.want({ first: page * PAGE, end: page * PAGE + 10 });
    await ask(questions.length - 1).answer(ids(page * PAGE), 10_000);
  }
  expect(list.row(0), 'forgotten').toBeNull();
  expect(list.row(2_900)?.sessionId).toBe('s2900');
});

test('another order, or the hidden ones too, is asked for anew', () => {
  const { list, questions } = listing();
  list.look({ sort: 'cost' });
  list.look({ hiddenToo: true });
  list.look({ sort: 'cost', hiddenToo: true });
  expect(questions.map(({ query }) => [query.sort, query.hiddenToo])).toEqual([
    ['cost', false],
    ['cost', true],
  ]);
});

test('a new name shows before the next answer', async () => {
  const { list, questions, ask } = listing();
  list.want({ first: 0, end: 10 });
  await ask(0).answer(ids(0), 100);
  list.described({ uuid: 's3', name: 'mine', projectPath: null, createdAt: '', updatedAt: '', tags: [], description: null, isPinned: false, isHidden: false, isMuted: true });
  expect(list.row(3)).toMatchObject({ sessionName: 'mine', displayName: 'mine', nameSource: 'user', isMuted: true });
  expect(questions, 'where it stands now is asked').toHaveLength(2);
});
