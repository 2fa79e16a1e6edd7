// All sessions: a search field and a list that opens in place.
// It asks for rows again when something in them changed, but never while something is being typed, and not faster than is readable.
import { createEffect, Match, on, Show, Switch, type JSX } from 'solid-js';
import { followChanges } from '../asked';
import { Unreadable } from '../parts/asked-notes';
import { createEdits, type Edit } from '../sessions/edits';
import { createListing, type Listing } from '../sessions/listing';
import { createOpened } from '../sessions/opened';
import { createSeeking } from '../sessions/seeking';
import { SessionList } from '../sessions/session-list';
import { Toolbar } from '../sessions/toolbar';
import { UndoLine } from '../sessions/undo-line';
import { text } from '../text';
import type { PageProps } from './pages';

export function SessionsPage(props: PageProps): JSX.Element {
  const listing = createListing(props.host);
  const opened = createOpened();
  const edits = createEdits(props.host, (metadata) => listing.described(metadata));
  const seeking = createSeeking(listing, () => opened.close());
  const editing = () => {
    const session = opened.session();
    return session !== null && opened.editing(session);
  };
  followChanges(() => props.snapshot, () => listing.failure() !== null, () => listing.refresh(), editing);
  createEffect(
    on(
      () => props.route,
      (route) => {
        if (route.page !== 'session') return;
        opened.open(route.sessionId);
        seeking.seek({ sessionId: route.sessionId, focus: true, cameFor: true, since: Math.max(1, listing.answers()) });
      },
    ),
  );
  const mark = async (edit: Edit) => {
    if (!(await edits.attempt(edit))) return;
    const { sessionId } = edit;
    if (edit.changes.isHidden === true && !listing.wish().hiddenToo) {
      // It leaves the list and takes its opened part with it; the keyboard stays in the list.
      opened.close();
      seeking.seek({ sessionId, focus: true, cameFor: false, since: listing.answers() });
    }
    if (edit.changes.isPinned !== undefined) seeking.seek({ sessionId, focus: false, cameFor: false, since: listing.answers() + 1 });
  };
  const undone = (sessionId: string) => seeking.seek({ sessionId, focus: true, cameFor: false, since: listing.answers() + 1 });
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
        sought={seeking.due()}
        found={() => seeking.seek(null)}
      />
      <Notes listing={listing} />
      <UndoLine edits={edits} undone={undone} />
    </div>
  );
}

/** What stands in the list's place when it has no rows. */
function Notes(props: { listing: Listing }): JSX.Element {
  return (
    <Switch>
      <Match when={props.listing.failure()}>
        {(failure) => <Unreadable words={text.sessions.failed} failure={failure()} again={() => props.listing.refresh()} />}
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
