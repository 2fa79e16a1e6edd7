// The pages of the block history.
import { createRoot } from 'solid-js';
import { expect, test } from 'vitest';
import type { BillingBlock } from '../../bindings/BillingBlock';
import { fixtureBlockPage } from '../../host/fixtures/history';
import type { Host } from '../../host/host';
import { appendPage, createBlockHistory, mergeNewest, PAGE_SIZE } from './block-history';

const row = (id: string) => ({ id }) as BillingBlock;
const ids = (rows: readonly BillingBlock[]) => rows.map((each) => each.id).join('');
const list = (letters: string) => [...letters].map(row);
const settled = () => new Promise((done) => setTimeout(done));

test('an earlier page is appended without duplicates', () => {
  expect(ids(appendPage(list('abc'), list('cde')))).toBe('abcde');
});

test('a new block is added before the loaded ones', () => {
  expect(ids(mergeNewest(list('bcdef'), list('abc'), 1))).toBe('abcdef');
  expect(ids(mergeNewest(list('bcdef'), list('bcd'), 0))).toBe('bcdef');
});

test('loaded blocks are dropped if earlier ones changed', () => {
  expect(ids(mergeNewest(list('bcdef'), list('abc'), 3)), 'two more were added earlier').toBe('abc');
  expect(ids(mergeNewest(list('bcdef'), list('xyz'), 0))).toBe('xyz');
  expect(ids(mergeNewest([], list('ab'), 2))).toBe('ab');
});

test('pages are fetched one at a time until the end', async () => {
  const requests: number[] = [];
  const host = { blocks: (offset: number, limit: number) => (requests.push(offset), Promise.resolve(fixtureBlockPage(230, offset, limit))) } as unknown as Host;
  await createRoot(async (dispose) => {
    const history = createBlockHistory(host);
    await settled();
    for (let time = 0; time < 4; time += 1) {
      history.loadMore();
      history.loadMore();
      await settled();
    }
    expect(requests).toEqual([0, PAGE_SIZE, 2 * PAGE_SIZE]);
    expect(history.rows()).toHaveLength(230);
    history.refresh();
    await settled();
    history.loadMore();
    expect(requests, 'the newest page again, and none before the first block').toEqual([0, PAGE_SIZE, 2 * PAGE_SIZE, 0]);
    expect(history.rows()).toHaveLength(230);
    dispose();
  });
});

test('after a failure nothing is fetched until refresh', async () => {
  let requests = 0;
  const host = { blocks: () => ((requests += 1), Promise.reject(new Error('No.'))) } as unknown as Host;
  await createRoot(async (dispose) => {
    const history = createBlockHistory(host);
    await settled();
    history.loadMore();
    expect([requests, history.failure()?.code]).toEqual([1, 'internal']);
    history.refresh();
    expect(requests).toBe(2);
    dispose();
  });
});

test('a refresh during another request runs after it', async () => {
  const requests: number[] = [];
  const host = { blocks: (offset: number, limit: number) => (requests.push(offset), Promise.resolve(fixtureBlockPage(230, offset, limit))) } as unknown as Host;
  await createRoot(async (dispose) => {
    const history = createBlockHistory(host);
    await settled();
    history.loadMore();
    history.refresh();
    history.refresh();
    await settled();
    expect(requests).toEqual([0, PAGE_SIZE, 0]);
    dispose();
  });
});
