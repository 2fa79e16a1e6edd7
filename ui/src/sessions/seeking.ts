// A session to be brought into sight: waited for until its place holds, and where somebody came for one that is not at hand,
// searched for by its id, once. It refuses to search for ever: what such a search does not find is let go,
// and hidden sessions that were shown for its sake are shown no longer than it lasts.
import { createEffect, createSignal, on, type Accessor } from 'solid-js';
import type { Listing } from './listing';

export interface Sought {
  sessionId: string;
  /** Whether the keyboard goes there, too. */
  focus: boolean;
  /** Whether somebody came for it: then it stands on top, and is searched for where it is not among the rows at hand. */
  cameFor: boolean;
  /** The answer from which on its place holds. */
  since: number;
}

export interface Seeking {
  /** What is sought, as soon as its place holds. */
  readonly due: Accessor<Sought | null>;
  seek(sought: Sought | null): void;
}

/** A search by id: the answer that settles it, and whether hidden sessions were shown before. */
interface Search {
  id: string;
  since: number;
  hiddenToo: boolean;
}

/** `gone` is told of a session that is sought in vain. */
export function createSeeking(listing: Listing, gone: () => void): Seeking {
  const [sought, seek] = createSignal<Sought | null>(null);
  let search: Search | null = null;
  const due = () => {
    const wanted = sought();
    return wanted !== null && listing.answers() >= wanted.since ? wanted : null;
  };
  const begin = (id: string) => {
    const { search: words, hiddenToo } = listing.wish();
    // Where the list shows just that already, its last answer has settled it.
    const asked = words.trim() !== id || !hiddenToo;
    search = { id, since: listing.answers() + Number(asked), hiddenToo: search?.hiddenToo ?? hiddenToo };
    listing.look({ search: id, hiddenToo: true });
  };
  const letGo = () => {
    seek(null);
    gone();
  };
  createEffect(() => {
    const wanted = due();
    if (wanted === null || listing.indexOf(wanted.sessionId) !== null) return;
    if (!wanted.cameFor) return letGo();
    if (search?.id !== wanted.sessionId) begin(wanted.sessionId);
    if (search !== null && listing.answers() >= search.since) letGo();
  });
  createEffect(
    on(
      () => listing.wish().search.trim(),
      (words) => {
        if (search === null || words === search.id) return;
        const { hiddenToo } = search;
        search = null;
        listing.look({ hiddenToo });
      },
      { defer: true },
    ),
  );
  return { due, seek: (next) => void seek(next) };
}
