// The Sessions page: a search field and a list, and the details of the chosen session in its place or, in a wide window,
// beside it. Rows are refetched when something changed, but not while a session is being edited.
import { createEffect, type JSX, Match, on, Show, Switch } from 'solid-js';
import { LoadError } from '../../components/status-notes';
import { useHost, useRouting, useSnapshot } from '../../lib/contexts';
import { createIsWide } from '../../lib/media-query';
import { refetchOnRevision } from '../../lib/query';
import { text } from '../../strings';
import { createExpandedSession } from './expanded-session';
import { createSessionScroller } from './scroll-to-session';
import { createSessionEdits, type SessionEdit } from './session-edits';
import { SessionList } from './session-list';
import { SessionPane } from './session-pane';
import { createSessionPages } from './session-pages';
import { SessionsContext, useSessions } from './sessions-context';
import { SessionToolbar } from './toolbar';
import { UndoBar } from './undo-bar';
import './sessions.css';

export function SessionsPage(): JSX.Element {
  const host = useHost();
  const routing = useRouting();
  const list = createSessionPages(host);
  const expanded = createExpandedSession();
  const edits = createSessionEdits(host, (metadata) => list.applyMetadata(metadata));
  const scroller = createSessionScroller(list, () => expanded.close());
  const isWide = createIsWide();
  const openedId = () => {
    const sessionId = expanded.sessionId();
    return sessionId !== null && expanded.isExpanded(sessionId) ? sessionId : null;
  };
  /** A wide window always shows a session: the first one if none is chosen. */
  const shownId = () => openedId() ?? (isWide() ? (list.row(0)?.sessionId ?? null) : null);
  const isEditing = () => {
    const sessionId = expanded.sessionId();
    return sessionId !== null && expanded.isEditing(sessionId);
  };
  refetchOnRevision(useSnapshot(), () => list.failure() !== null, () => list.refresh(), isEditing);
  // The address follows the opened session, and leads back to the list.
  createEffect(on(openedId, (sessionId) => routing.keep(sessionId === null ? { page: 'sessions' } : { page: 'session', sessionId }), { defer: true }));
  createEffect(
    on(routing.route, (route) => {
      if (route.page === 'sessions' && !isEditing()) expanded.close();
      if (route.page !== 'session') return;
      expanded.open(route.sessionId);
      scroller.scrollTo({ sessionId: route.sessionId, takeFocus: true, isRequested: true, validFrom: Math.max(1, list.responseCount()) });
    }),
  );
  const changeFlag = async (edit: SessionEdit) => {
    if (!(await edits.tryApply(edit))) return;
    const { sessionId } = edit;
    if (edit.changes.isHidden === true && !list.query().includeHidden) {
      // A hidden session leaves the list, with its panel. The focus stays in the list.
      expanded.close();
      scroller.scrollTo({ sessionId, takeFocus: true, isRequested: false, validFrom: list.responseCount() });
    }
    if (edit.changes.isPinned !== undefined) {
      scroller.scrollTo({ sessionId, takeFocus: false, isRequested: false, validFrom: list.responseCount() + 1 });
    }
  };
  /** Shows the list again, with the focus on the row of the session. */
  const closePane = () => {
    const sessionId = shownId();
    expanded.close();
    if (sessionId !== null) scroller.scrollTo({ sessionId, takeFocus: true, isRequested: false, validFrom: list.responseCount() });
  };
  const onUndone = (sessionId: string) =>
    scroller.scrollTo({ sessionId, takeFocus: true, isRequested: false, validFrom: list.responseCount() + 1 });
  return (
    <SessionsContext.Provider value={{ list, expanded, edits, shownId, changeFlag: (edit) => void changeFlag(edit) }}>
      <div class="sessions" classList={{ 'has-pane': shownId() !== null }}>
        <div class="sessions__list">
          <SessionToolbar />
          <SessionList target={scroller.target()} onTargetShown={() => scroller.scrollTo(null)} />
          <ListNote />
        </div>
        <Show when={shownId() !== null}>
          <SessionPane isBeside={isWide()} onClose={closePane} />
        </Show>
        <UndoBar onUndone={onUndone} />
      </div>
    </SessionsContext.Provider>
  );
}

/** The note shown when the list has no rows. */
function ListNote(): JSX.Element {
  const { list } = useSessions();
  return (
    <Switch>
      <Match when={list.failure()}>
        {(failure) => <LoadError message={text.sessions.failed} failure={failure()} onRetry={() => list.refresh()} />}
      </Match>
      <Match when={list.count() === null}>
        <p class="list-note text-muted">{text.sessions.loading}</p>
      </Match>
      <Match when={list.count() === 0}>
        <div class="list-note">
          <Show when={list.query().search.trim() !== ''} fallback={<p class="text-muted">{text.sessions.none}</p>}>
            <p>{text.sessions.noMatch}</p>
            <p class="text-muted">{text.sessions.noMatchHint}</p>
          </Show>
        </div>
      </Match>
    </Switch>
  );
}
