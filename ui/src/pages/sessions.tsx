// All sessions, most recent first: a search field and a list that opens in place.
// It asks for rows again when something in them changed, but never while a name is being typed, and not faster than is readable.
import { createEffect, createSignal, Match, on, onCleanup, Show, Switch, type JSX } from 'solid-js';
import type { Snapshot } from '../bindings/Snapshot';
import type { Host } from '../host/host';
import { exact } from '../format';
import { Plain } from '../parts/plain';
import { createListing, type Listing } from '../sessions/listing';
import { createOpened } from '../sessions/opened';
import { SessionList } from '../sessions/session-list';
import { text } from '../text';
import { SECOND } from '../time';

/** A row that moves more often than this cannot be clicked. */
const REFRESH = 2 * SECOND;

/** Long enough to join quick typing, short enough to feel like none. */
const TYPING = 120;

interface SessionsProps {
  snapshot: Snapshot;
  now: number;
  host: Host;
}

export function SessionsPage(props: SessionsProps): JSX.Element {
  const listing = createListing(props.host);
  const opened = createOpened();
  const renaming = () => {
    const session = opened.session();
    return session !== null && opened.renaming(session);
  };
  followChanges(() => props.snapshot, listing, renaming);
  return (
    <div class="sessions">
      <Search listing={listing} all={props.snapshot.sessionCount} />
      <SessionList listing={listing} opened={opened} host={props.host} zone={props.snapshot.zone} now={props.now} />
      <Notes listing={listing} />
    </div>
  );
}

/** Refreshes at the edge of each interval in which something changed. */
function followChanges(snapshot: () => Snapshot, listing: Listing, renaming: () => boolean): void {
  // After a failure any new snapshot is a reason to ask again: somebody is there.
  const mark = () => (listing.failure() ? snapshot().at : snapshot().revision);
  let behind = false;
  createEffect(on(mark, () => (behind = true), { defer: true }));
  const timer = setInterval(() => {
    if (!behind || renaming()) return;
    behind = false;
    listing.refresh();
  }, REFRESH);
  onCleanup(() => clearInterval(timer));
}

function Search(props: { listing: Listing; all: number }): JSX.Element {
  const [typed, setTyped] = createSignal(props.listing.search());
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (value: string) => {
    setTyped(value);
    clearTimeout(timer);
    timer = setTimeout(() => props.listing.find(value), TYPING);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || typed() === '') return;
    // The first Escape takes the search back, the next one closes the popover.
    event.preventDefault();
    event.stopPropagation();
    look('');
  };
  onCleanup(() => clearTimeout(timer));
  return (
    <div class="search" role="search">
      <input
        class="input"
        type="search"
        aria-label={text.sessions.search}
        placeholder={text.sessions.searchHint}
        autocomplete="off"
        spellcheck={false}
        data-testid="search"
        value={typed()}
        onInput={(event) => look(event.currentTarget.value)}
        on:keydown={onKeyDown}
      />
      <div class="pair">
        <p class="dim" role="status" data-testid="session-count">
          {countWords(props.listing)}
        </p>
        <p class="label" title={text.sessions.columnsTitle}>
          {text.sessions.columns}
        </p>
      </div>
    </div>
  );
}

function countWords(listing: Listing): string {
  const count = listing.count();
  if (count === null) return '';
  const words = listing.search().trim() === '' ? text.sessions.count : text.sessions.found;
  return words(exact(count), count);
}

/** What stands in the list's place when it has no rows. */
function Notes(props: { listing: Listing }): JSX.Element {
  return (
    <Switch>
      <Match when={props.listing.failure()}>
        {(failure) => (
          <div class="list-note" role="alert">
            <p>{text.sessions.failed}</p>
            <p class="dim">
              <Plain value={failure().message} />
            </p>
            <button type="button" class="button" onClick={() => props.listing.refresh()}>
              {text.sessions.retry}
            </button>
          </div>
        )}
      </Match>
      <Match when={props.listing.count() === null}>
        <p class="list-note dim">{text.sessions.loading}</p>
      </Match>
      <Match when={props.listing.count() === 0}>
        <div class="list-note">
          <Show when={props.listing.search().trim() !== ''} fallback={<p class="dim">{text.sessions.none}</p>}>
            <p>{text.sessions.nothingFound}</p>
            <p class="dim">{text.sessions.nothingFoundHint}</p>
          </Show>
        </div>
      </Match>
    </Switch>
  );
}
