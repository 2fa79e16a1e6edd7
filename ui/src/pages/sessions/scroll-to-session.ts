// Scrolls to a session once its row is known. A requested session that is not loaded is searched for by its ID, once;
// if it is not found, the request ends. Hidden sessions included for that search are excluded again after it.
import { type Accessor, createEffect, createSignal, on } from 'solid-js';
import type { SessionPages } from './session-pages';

export interface ScrollTarget {
  sessionId: string;
  /** True to move the focus to the row. */
  takeFocus: boolean;
  /** True if the user asked for this session: it is scrolled to the top, and searched for if it is not loaded. */
  isRequested: boolean;
  /** The number of responses from which on the row's position is valid. */
  validFrom: number;
}

export interface SessionScroller {
  /** The session to scroll to, once its position is valid. */
  readonly target: Accessor<ScrollTarget | null>;
  scrollTo(target: ScrollTarget | null): void;
}

/** A search by ID: the response that completes it, and if hidden sessions were included before. */
interface IdSearch {
  id: string;
  completeFrom: number;
  includedHidden: boolean;
}

/** Calls `notFound` if the session does not exist. */
export function createSessionScroller(list: SessionPages, notFound: () => void): SessionScroller {
  const [requested, setRequested] = createSignal<ScrollTarget | null>(null);
  let search: IdSearch | null = null;
  const target = () => {
    const current = requested();
    return current !== null && list.responseCount() >= current.validFrom ? current : null;
  };
  const startSearch = (id: string) => {
    const { search: searchText, includeHidden } = list.query();
    // If the list already shows this search, its last response is complete.
    const needsRequest = searchText.trim() !== id || !includeHidden;
    const includedHidden = search?.includedHidden ?? includeHidden;
    search = { id, completeFrom: list.responseCount() + Number(needsRequest), includedHidden };
    list.changeQuery({ search: id, includeHidden: true });
  };
  const giveUp = () => {
    setRequested(null);
    notFound();
  };
  createEffect(() => {
    const current = target();
    if (current === null || list.indexOf(current.sessionId) !== null) return;
    if (!current.isRequested) return giveUp();
    if (search?.id !== current.sessionId) startSearch(current.sessionId);
    if (search !== null && list.responseCount() >= search.completeFrom) giveUp();
  });
  createEffect(
    on(
      () => list.query().search.trim(),
      (searchText) => {
        if (search === null || searchText === search.id) return;
        const { includedHidden } = search;
        search = null;
        list.changeQuery({ includeHidden: includedHidden });
      },
      { defer: true },
    ),
  );
  return { target, scrollTo: (next) => void setRequested(next) };
}
