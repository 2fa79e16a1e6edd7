// The past, page by page.
import { createRoot } from 'solid-js';
import { expect, test } from 'vitest';
import type { BillingBlock } from '../bindings/BillingBlock';
import { pageOfBlocks } from '../host/made-up-past';
import type { Host } from '../host/host';
import { appended, createPast, PAGE, renewed } from './past';

const row = (id: string) => ({ id }) as BillingBlock;
const ids = (rows: readonly BillingBlock[]) => rows.map((each) => each.id).join('');
const list = (letters: string) => [...letters].map(row);
const settled = () => new Promise((done) => setTimeout(done));

test('earlier ones are appended, each once', () => {
  expect(ids(appended(list('abc'), list('cde')))).toBe('abcde');
});

test('a new block comes before what was known', () => {
  expect(ids(renewed(list('bcdef'), list('abc'), 1))).toBe('abcdef');
  expect(ids(renewed(list('bcdef'), list('bcd'), 0))).toBe('bcdef');
});

test('where the past changed, what was known of it is forgotten', () => {
  expect(ids(renewed(list('bcdef'), list('abc'), 3)), 'two more that came somewhere earlier').toBe('abc');
  expect(ids(renewed(list('bcdef'), list('xyz'), 0))).toBe('xyz');
  expect(ids(renewed([], list('ab'), 2))).toBe('ab');
});

test('pages are fetched until there are no more, one at a time', async () => {
  const asked: number[] = [];
  const host = { blocks: (offset: number, limit: number) => (asked.push(offset), Promise.resolve(pageOfBlocks(230, offset, limit))) } as unknown as Host;
  await createRoot(async (dispose) => {
    const past = createPast(host);
    await settled();
    for (let time = 0; time < 4; time += 1) {
      past.more();
      past.more();
      await settled();
    }
    expect(asked).toEqual([0, PAGE, 2 * PAGE]);
    expect(past.rows()).toHaveLength(230);
    past.refresh();
    await settled();
    past.more();
    expect(asked, 'the newest again, and nothing before the beginning').toEqual([0, PAGE, 2 * PAGE, 0]);
    expect(past.rows()).toHaveLength(230);
    dispose();
  });
});

test('a host that refuses is not asked again until someone says so', async () => {
  let asked = 0;
  const host = { blocks: () => ((asked += 1), Promise.reject(new Error('No.'))) } as unknown as Host;
  await createRoot(async (dispose) => {
    const past = createPast(host);
    await settled();
    past.more();
    expect([asked, past.failure()?.code]).toEqual([1, 'internal']);
    past.refresh();
    expect(asked).toBe(2);
    dispose();
  });
});

test('a wish for the newest that comes while earlier ones are fetched is fulfilled after them', async () => {
  const asked: number[] = [];
  const host = { blocks: (offset: number, limit: number) => (asked.push(offset), Promise.resolve(pageOfBlocks(230, offset, limit))) } as unknown as Host;
  await createRoot(async (dispose) => {
    const past = createPast(host);
    await settled();
    past.more();
    past.refresh();
    past.refresh();
    await settled();
    expect(asked).toEqual([0, PAGE, 0]);
    dispose();
  });
});
