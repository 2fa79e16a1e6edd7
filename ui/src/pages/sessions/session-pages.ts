// The session list, loaded in pages as they scroll into view. Pages far from the view are dropped. A response to an
// outdated query is dropped, and a session that moved between pages is kept only where the latest response has it.
import { type Accessor, batch, createSignal } from 'solid-js';
import type { SessionMetadata } from '../../bindings/SessionMetadata';
import type { SessionPage } from '../../bindings/SessionPage';
import type { SessionSort } from '../../bindings/SessionSort';
import type { SessionStats } from '../../bindings/SessionStats';
import type { ApiError } from '../../bindings/ApiError';
import type { Host } from '../../host/host';
import { toRefusal } from '../../host/refusal';
import type { RowSpan } from './virtual-list';

/** Rows per page: a few screens. */
export const PAGE_SIZE = 100;

/** The maximum number of pages kept in memory. */
const MAX_PAGES = 12;

type Rows = readonly (SessionStats | null)[];
type Pages = ReadonlyMap<number, Rows>;

/** The search, order and filter of the list. */
export interface SessionListQuery {
  search: string;
  sort: SessionSort;
  includeHidden: boolean;
}

export interface SessionPages {
  /** The number of matching rows; null until the first response. */
  readonly count: Accessor<number | null>;
  /** The number of sessions left out because they are older than the retention time. */
  readonly olderCount: Accessor<number>;
  readonly failure: Accessor<ApiError | null>;
  readonly query: Accessor<SessionListQuery>;
  /** The number of responses so far. */
  readonly responseCount: Accessor<number>;
  row(index: number): SessionStats | null;
  /** Returns the index of a session among the loaded rows; null if it is not loaded. */
  indexOf(sessionId: string): number | null;
  /** Loads the pages of the rows in view. */
  requestRows(span: RowSpan): void;
  /** Changes the query; a blank search lists all. */
  changeQuery(change: Partial<SessionListQuery>): void;
  /** Refetches the rows in view; other pages when they scroll into view. */
  refresh(): void;
  /** Applies saved metadata to its row, and refetches because its position may have changed. */
  applyMetadata(metadata: SessionMetadata): void;
}

export function createSessionPages(host: Host): SessionPages {
  const [pages, setPages] = createSignal<Pages>(new Map());
  const [count, setCount] = createSignal<number | null>(null);
  const [olderCount, setOlderCount] = createSignal(0);
  const [failure, setFailure] = createSignal<ApiError | null>(null);
  const [query, setQuery] = createSignal<SessionListQuery>({ search: '', sort: 'recent', includeHidden: false });
  const [responseCount, setResponseCount] = createSignal(0);
  const pending = new Set<number>();
  const outdated = new Set<number>();
  let requested: RowSpan = { first: 0, end: 1 };
  let queryVersion = 0;
  /** After a failure nothing is requested until `refresh` is called, so that a failing host is not flooded. */
  let isHalted = false;

  const fetchPage = async (page: number) => {
    const version = queryVersion;
    pending.add(page);
    outdated.delete(page);
    try {
      const { search, sort, includeHidden } = query();
      const response = await host.sessions({
        offset: page * PAGE_SIZE,
        limit: PAGE_SIZE,
        search: search.trim() || null,
        sort,
        includeHidden: includeHidden,
      });
      if (version === queryVersion) receivePage(page, response);
    } catch (thrown) {
      if (version === queryVersion) fail(page, thrown);
    }
  };
  const receivePage = (page: number, response: SessionPage) => {
    pending.delete(page);
    const { next, displaced } = insertPage(pages(), page, response.sessions);
    for (const other of displaced) outdated.add(other);
    // Batched, so that no effect sees the new count without its rows.
    batch(() => {
      setFailure(null);
      setCount(response.count);
      setOlderCount(response.olderCount);
      setPages(keepNearest(next, requested));
      setResponseCount(responseCount() + 1);
    });
    requestRows(requested);
  };
  const fail = (page: number, thrown: unknown) => {
    pending.delete(page);
    outdated.add(page);
    isHalted = true;
    setFailure(toRefusal(thrown));
  };

  const requestRows = (span: RowSpan) => {
    requested = span;
    for (const page of pagesInSpan(span)) {
      const isMissing = !pages().has(page) || outdated.has(page);
      if (isMissing && !pending.has(page) && !isHalted) void fetchPage(page);
    }
  };
  const refresh = () => {
    for (const page of pages().keys()) outdated.add(page);
    isHalted = false;
    requestRows(requested);
  };
  const changeQuery = (change: Partial<SessionListQuery>) => {
    const [previous, next] = [query(), { ...query(), ...change }];
    setQuery(next);
    if (isSameQuery(previous, next)) return;
    queryVersion += 1;
    pending.clear();
    outdated.clear();
    for (const page of pages().keys()) if (page > 0) outdated.add(page);
    requested = { first: 0, end: 1 };
    isHalted = false;
    // The old rows stay until the first response, so that the list does not flicker while typing.
    void fetchPage(0).then(() => dropOutdated());
  };
  const dropOutdated = () => {
    if (outdated.size === 0) return;
    setPages(new Map([...pages()].filter(([page]) => !outdated.has(page))));
    requestRows(requested);
  };

  const applyMetadata = (metadata: SessionMetadata) => {
    const update = (row: SessionStats | null) => (row?.sessionId === metadata.uuid ? withMetadata(row, metadata) : row);
    setPages(new Map([...pages()].map(([page, rows]) => [page, rows.map(update)])));
    refresh();
  };
  const row = (index: number) => pages().get(Math.floor(index / PAGE_SIZE))?.[index % PAGE_SIZE] ?? null;
  const indexOf = (sessionId: string) => {
    for (const [page, rows] of pages()) {
      const index = rows.findIndex((other) => other?.sessionId === sessionId);
      if (index >= 0) return page * PAGE_SIZE + index;
    }
    return null;
  };
  return { count, olderCount, failure, query, responseCount, row, indexOf, requestRows, changeQuery, refresh, applyMetadata };
}

function isSameQuery(one: SessionListQuery, other: SessionListQuery): boolean {
  return one.search.trim() === other.search.trim() && one.sort === other.sort && one.includeHidden === other.includeHidden;
}

/** Returns the row with its metadata. If the name was removed, the engine decides the display name. */
function withMetadata(row: SessionStats, metadata: SessionMetadata): SessionStats {
  const { name, tags, isPinned, isHidden, isMuted } = metadata;
  const updated = { ...row, tags, isPinned, isHidden, isMuted };
  if (name === null || name === row.sessionName) return { ...updated, sessionName: name };
  return { ...updated, sessionName: name, displayName: name, nameSource: 'user' };
}

function pagesInSpan(span: RowSpan): number[] {
  const first = Math.floor(span.first / PAGE_SIZE);
  const last = Math.floor(Math.max(span.first, span.end - 1) / PAGE_SIZE);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Inserts a page, and removes its sessions from the other pages. */
function insertPage(pages: Pages, page: number, rows: readonly SessionStats[]): { next: Pages; displaced: number[] } {
  const ids = new Set(rows.map((row) => row.sessionId));
  const displaced: number[] = [];
  const next = new Map<number, Rows>();
  for (const [other, otherRows] of pages) {
    const remaining = otherRows.map((row) => (row && ids.has(row.sessionId) ? null : row));
    const hasMoved = remaining.some((row, index) => row !== otherRows[index]);
    if (hasMoved && other !== page) displaced.push(other);
    next.set(other, hasMoved ? remaining : otherRows);
  }
  return { next: next.set(page, rows), displaced };
}

/** Keeps the pages nearest to the view. */
function keepNearest(pages: Pages, span: RowSpan): Pages {
  if (pages.size <= MAX_PAGES) return pages;
  const middle = (span.first + span.end) / 2 / PAGE_SIZE;
  const nearest = [...pages].sort(([a], [b]) => Math.abs(a + 0.5 - middle) - Math.abs(b + 0.5 - middle));
  return new Map(nearest.slice(0, MAX_PAGES));
}
