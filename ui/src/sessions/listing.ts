// The session list as far as it was looked at: pages of a hundred, fetched when they come into view.
// It refuses to hold everything: pages far from the screen are forgotten. An answer to an old search is dropped,
// and a session that moved stands in one place only, the one the newest answer gives it.
import { batch, createSignal, type Accessor } from 'solid-js';
import type { SessionMetadata } from '../bindings/SessionMetadata';
import type { SessionPage } from '../bindings/SessionPage';
import type { SessionSort } from '../bindings/SessionSort';
import type { SessionStats } from '../bindings/SessionStats';
import type { Host, Refusal } from '../host/host';
import { toRefusal } from '../host/refusal';
import type { Span } from './viewport';

/** Rows fetched in one go: a few screens. */
export const PAGE = 100;

/** A dozen pages are more than anyone scrolls in one breath. */
const KEPT = 12;

type Rows = readonly (SessionStats | null)[];
type Pages = ReadonlyMap<number, Rows>;

/** Which sessions, and in which order. */
export interface Wish {
  search: string;
  sort: SessionSort;
  hiddenToo: boolean;
}

export interface Listing {
  /** How many rows the wish has; null until the first answer. */
  readonly count: Accessor<number | null>;
  readonly failure: Accessor<Refusal | null>;
  readonly wish: Accessor<Wish>;
  /** How many answers came so far. */
  readonly answers: Accessor<number>;
  row(index: number): SessionStats | null;
  /** Where a session stands, among the pages held. */
  indexOf(sessionId: string): number | null;
  /** These rows are on screen: fetches what is missing of them. */
  want(span: Span): void;
  /** Looks for something else, or in another order; a blank search lists all. */
  look(wish: Partial<Wish>): void;
  /** Fetches again what is on screen; the rest when it comes into view. */
  refresh(): void;
  /** A session was described here: shows it at once, and asks where the row stands now. */
  described(metadata: SessionMetadata): void;
}

export function createListing(host: Host): Listing {
  const [pages, setPages] = createSignal<Pages>(new Map());
  const [count, setCount] = createSignal<number | null>(null);
  const [failure, setFailure] = createSignal<Refusal | null>(null);
  const [wish, setWish] = createSignal<Wish>({ search: '', sort: 'recent', hiddenToo: false });
  const [answers, setAnswers] = createSignal(0);
  const asked = new Set<number>();
  const outdated = new Set<number>();
  let wanted: Span = { first: 0, end: 1 };
  let generation = 0;
  /** After a failure nothing is asked until someone says so: a broken host is not hammered. */
  let halted = false;

  const fetchPage = async (page: number) => {
    const mine = generation;
    asked.add(page);
    outdated.delete(page);
    try {
      const { search, sort, hiddenToo } = wish();
      const answer = await host.sessions({ offset: page * PAGE, limit: PAGE, search: search.trim() || null, sort, hiddenToo });
      if (mine === generation) settle(page, answer);
    } catch (thrown) {
      if (mine === generation) fail(page, thrown);
    }
  };
  const settle = (page: number, answer: SessionPage) => {
    asked.delete(page);
    const { next, displaced } = placed(pages(), page, answer.sessions);
    for (const other of displaced) outdated.add(other);
    // Together, so that no one sees the new count and asks for the rows that are just arriving.
    batch(() => {
      setFailure(null);
      setCount(answer.count);
      setPages(near(next, wanted));
      setAnswers(answers() + 1);
    });
    want(wanted);
  };
  const fail = (page: number, thrown: unknown) => {
    asked.delete(page);
    outdated.add(page);
    halted = true;
    setFailure(toRefusal(thrown));
  };

  const want = (span: Span) => {
    wanted = span;
    for (const page of pagesOf(span)) {
      const missing = !pages().has(page) || outdated.has(page);
      if (missing && !asked.has(page) && !halted) void fetchPage(page);
    }
  };
  const refresh = () => {
    for (const page of pages().keys()) outdated.add(page);
    halted = false;
    want(wanted);
  };
  const look = (next: Partial<Wish>) => {
    const [before, after] = [wish(), { ...wish(), ...next }];
    setWish(after);
    if (sameRows(before, after)) return;
    generation += 1;
    asked.clear();
    outdated.clear();
    for (const page of pages().keys()) if (page > 0) outdated.add(page);
    wanted = { first: 0, end: 1 };
    halted = false;
    // The old rows stay until the first answer, so that the list does not blink at every letter.
    void fetchPage(0).then(() => dropOutdated());
  };
  const dropOutdated = () => {
    if (outdated.size === 0) return;
    setPages(new Map([...pages()].filter(([page]) => !outdated.has(page))));
    want(wanted);
  };

  const described = (metadata: SessionMetadata) => {
    const change = (row: SessionStats | null) => (row?.sessionId === metadata.uuid ? withMetadata(row, metadata) : row);
    setPages(new Map([...pages()].map(([page, rows]) => [page, rows.map(change)])));
    refresh();
  };
  const row = (index: number) => pages().get(Math.floor(index / PAGE))?.[index % PAGE] ?? null;
  const indexOf = (sessionId: string) => {
    for (const [page, rows] of pages()) {
      const at = rows.findIndex((held) => held?.sessionId === sessionId);
      if (at >= 0) return page * PAGE + at;
    }
    return null;
  };
  return { count, failure, wish, answers, row, indexOf, want, look, refresh, described };
}

function sameRows(one: Wish, other: Wish): boolean {
  return one.search.trim() === other.search.trim() && one.sort === other.sort && one.hiddenToo === other.hiddenToo;
}

/** What a name that was taken away leaves is the engine's to say. */
function withMetadata(row: SessionStats, metadata: SessionMetadata): SessionStats {
  const { name, tags, isPinned, isHidden, isMuted } = metadata;
  const described = { ...row, tags, isPinned, isHidden, isMuted };
  if (name === null || name === row.sessionName) return { ...described, sessionName: name };
  return { ...described, sessionName: name, displayName: name, nameSource: 'user' };
}

function pagesOf(span: Span): number[] {
  const first = Math.floor(span.first / PAGE);
  const last = Math.floor(Math.max(span.first, span.end - 1) / PAGE);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Puts a page in, and takes its sessions out of the pages that still had them elsewhere. */
function placed(before: Pages, page: number, rows: readonly SessionStats[]): { next: Pages; displaced: number[] } {
  const ids = new Set(rows.map((row) => row.sessionId));
  const displaced: number[] = [];
  const next = new Map<number, Rows>();
  for (const [other, held] of before) {
    const kept = held.map((row) => (row && ids.has(row.sessionId) ? null : row));
    const moved = kept.some((row, at) => row !== held[at]);
    if (moved && other !== page) displaced.push(other);
    next.set(other, moved ? kept : held);
  }
  return { next: next.set(page, rows), displaced };
}

/** Forgets the pages farthest from the screen. */
function near(pages: Pages, span: Span): Pages {
  if (pages.size <= KEPT) return pages;
  const middle = (span.first + span.end) / 2 / PAGE;
  const nearest = [...pages].sort(([a], [b]) => Math.abs(a + 0.5 - middle) - Math.abs(b + 0.5 - middle));
  return new Map(nearest.slice(0, KEPT));
}
