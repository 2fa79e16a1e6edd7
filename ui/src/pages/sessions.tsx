// All sessions: a search field and a list that opens in place.
// It asks for rows again when something in them changed, but never while something is being typed, and not faster than is readable.
import { createEffect, createSignal, Match, on, onCleanup, Show, Switch, type JSX } from 'solid-js';
import type { Snapshot } from '../bindings/Snapshot';
import { Plain } from '../parts/plain';
import { createEdits, type Edit } from '../sessions/edits';
import { createListing, type Listing } from '../sessions/listing';
import { createOpened } from '../sessions/opened';
import { SessionList, type Sought } from '../sessions/session-list';
import { Toolbar } from '../sessions/toolbar';
import { UndoLine } from '../sessions/undo-line';
import { text } from '../text';
import { SECOND } from '../time';
import type { PageProps } from './pages';

/** A row that moves more often than this cannot be clicked. */
const REFRESH = 2 * SECOND;

export function SessionsPage(props: PageProps): JSX.Element {
  const listing = createListing(props.host);
  const opened = createOpened();
  const edits = createEdits(props.host, (metadata) => listing.described(metadata));
  const [sought, seek] = createSignal<Sought | null>(null);
  const editing = () => {
    const session = opened.session();
    return session !== null && opened.editing(session);
  };
  followChanges(() => props.snapshot, listing, editing);
  createEffect(
    on(
      () => props.route,
      (route) => {
        if (route.page !== 'session') return;
        opened.open(route.sessionId);
        seek({ sessionId: route.sessionId, focus: true, cameFor: true, since: Math.max(1, listing.answers()) });
      },
    ),
  );
  const due = () => {
    const wanted = sought();
    return wanted !== null && listing.answers() >= wanted.since ? wanted : null;
  };
  lookFurther(due, listing, () => {
    seek(null);
    opened.close();
  });
  const mark = async (edit: Edit) => {
    if (!(await edits.attempt(edit))) return;
    const { sessionId } = edit;
    if (edit.changes.isHidden === true && !listing.wish().hiddenToo) {
      // It leaves the list and takes its opened part with it; the keyboard stays in the list.
      opened.close();
      seek({ sessionId, focus: true, cameFor: false, since: listing.answers() });
    }
    if (edit.changes.isPinned !== undefined) seek({ sessionId, focus: false, cameFor: false, since: listing.answers() + 1 });
  };
  const undone = (sessionId: string) => seek({ sessionId, focus: true, cameFor: false, since: listing.answers() + 1 });
  return (
    <div class="sessions">
      <Toolbar listing={listing} />
      <SessionList
        listing={listing}
        opened={opened}
        edits={edits}
        mark={(edit) => void mark(edit)}
        host={props.host}
        zone={props.snapshot.zone}
        now={props.now}
        sought={due()}
        found={() => seek(null)}
      />
      <Notes listing={listing} />
      <UndoLine edits={edits} undone={undone} />
    </div>
  );
}

/** A session that somebody came for and that is not at hand is searched for by its id, once; any other is let go. */
function lookFurther(due: () => Sought | null, listing: Listing, letGo: () => void): void {
  createEffect(() => {
    const wanted = due();
    if (wanted === null || listing.indexOf(wanted.sessionId) !== null) return;
    if (!wanted.cameFor) return letGo();
    if (listing.wish().search !== wanted.sessionId) listing.look({ search: wanted.sessionId, hiddenToo: true });
  });
}

/** Refreshes at the edge of each interval in which something changed. */
function followChanges(snapshot: () => Snapshot, listing: Listing, editing: () => boolean): void {
  // After a failure any new snapshot is a reason to ask again: somebody is there.
  const mark = () => (listing.failure() ? snapshot().at : snapshot().revision);
  let behind = false;
  createEffect(on(mark, () => (behind = true), { defer: true }));
  const timer = setInterval(() => {
    if (!behind || editing()) return;
    behind = false;
    listing.refresh();
  }, REFRESH);
  onCleanup(() => clearInterval(timer));
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
          <Show when={props.listing.wish().search.trim() !== ''} fallback={<p class="dim">{text.sessions.none}</p>}>
            <p>{text.sessions.nothingFound}</p>
            <p class="dim">{text.sessions.nothingFoundHint}</p>
          </Show>
        </div>
      </Match>
    </Switch>
  );
}
