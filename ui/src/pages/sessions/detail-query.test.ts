// The query for session details, with a controlled host.
import { createRoot, createSignal } from 'solid-js';
import { expect, test } from 'vitest';
import type { SessionDetail } from '../../bindings/SessionDetail';
import type { SessionStats } from '../../bindings/SessionStats';
import { fixtureDetail, fixtureSession } from '../../host/fixtures/sessions';
import type { Host } from '../../host/host';
import { createDetailQuery } from './detail-query';

interface PendingRequest {
  respond: (detail: SessionDetail) => Promise<void>;
  refuse: () => Promise<void>;
}

const settled = () => new Promise<void>((done) => setTimeout(done));
const row = fixtureSession(0);
const detailWith = (runs: number) => fixtureDetail(row, runs);

function withQuery(body: (query: ReturnType<typeof createDetailQuery>, request: (at: number) => PendingRequest, change: (row: SessionStats) => void, requestCount: () => number) => Promise<void>) {
  const requests: PendingRequest[] = [];
  const session = () =>
    new Promise<SessionDetail>((resolve, reject) => {
      requests.push({
        respond: (detail) => (resolve(detail), settled()),
        refuse: () => (reject(Object.assign(new Error('Busy.'), { code: 'busy', hint: null })), settled()),
      });
    });
  return createRoot(async (dispose) => {
    const [shownRow, setShownRow] = createSignal(row);
    const query = createDetailQuery({ session } as unknown as Host, shownRow);
    await settled();
    await body(query, (at) => requests[at] as PendingRequest, (changed) => void setShownRow(changed), () => requests.length);
    dispose();
  });
}

test('details are fetched once, and again when the row changed', () =>
  withQuery(async (query, request, change, requestCount) => {
    await request(0).respond(detailWith(1));
    expect(query.data()?.runs).toHaveLength(1);
    change({ ...row });
    expect(requestCount(), 'the same figures in a new row').toBe(1);
    change({ ...row, totalTokens: row.totalTokens + 1 });
    expect(requestCount()).toBe(2);
    expect(query.data()?.runs, 'the last answer stays meanwhile').toHaveLength(1);
    await request(1).respond(detailWith(2));
    expect(query.data()?.runs).toHaveLength(2);
  }));

test('a superseded response is dropped', () =>
  withQuery(async (query, request, change) => {
    change({ ...row, totalTokens: row.totalTokens + 1 });
    await request(1).respond(detailWith(2));
    await request(0).respond(detailWith(1));
    expect(query.data()?.runs).toHaveLength(2);
  }));

test('a failure is kept until the next response', () =>
  withQuery(async (query, request, change) => {
    await request(0).refuse();
    expect(query.failure()?.message).toBe('Busy.');
    change({ ...row, totalTokens: row.totalTokens + 1 });
    await request(1).respond(detailWith(1));
    expect(query.failure()).toBeNull();
  }));
