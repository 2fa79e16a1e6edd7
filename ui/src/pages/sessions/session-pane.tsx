// The shown session: in place of the list, or beside it in a wide window. Below its heading are either the edit form or the
// details. Both share one query.
import { createMemo, For, type JSX, onMount, Show } from 'solid-js';
import type { SessionStats } from '../../bindings/SessionStats';
import { Chevron } from '../../components/icons';
import { useHost } from '../../lib/contexts';
import { useKeyHandler } from '../../lib/key-handlers';
import { text } from '../../strings';
import { createDetailQuery } from './detail-query';
import { EditForm } from './edit-form';
import { SessionActions } from './session-actions';
import { SessionDetail } from './session-detail';
import { useSessions } from './sessions-context';

interface PaneProps {
  /** True if the pane is beside the list. */
  isBeside: boolean;
  onClose: () => void;
}

export function SessionPane(props: PaneProps): JSX.Element {
  const { list, shownId } = useSessions();
  /** The row of the session; the last known one if the row is no longer loaded. */
  const session = createMemo<SessionStats | null>((previous) => {
    const id = shownId();
    const index = id === null ? null : list.indexOf(id);
    return (index === null ? null : list.row(index)) ?? (previous?.sessionId === id ? previous : null);
  }, null);
  return (
    <section class="session-pane" aria-label={text.sessionDetail.title} tabindex={-1} data-testid="session-pane">
      <Show when={session()} fallback={<p class="list-note text-muted">{text.sessions.loading}</p>}>
        {(current) => (
          // A list of one: another session gets its own form and query.
          <For each={[current().sessionId]}>{() => <PaneContent {...props} session={current()} />}</For>
        )}
      </Show>
    </section>
  );
}

function PaneContent(props: PaneProps & { session: SessionStats }): JSX.Element {
  const { expanded, edits, changeFlag } = useSessions();
  const detail = createDetailQuery(useHost(), () => props.session, edits.editCount);
  const id = () => props.session.sessionId;
  const isEditing = () => expanded.isEditing(id()) && expanded.isExpanded(id());
  let content!: HTMLDivElement;
  let back: HTMLButtonElement | undefined;
  const edit = () => {
    expanded.open(id());
    expanded.startEdit(id());
  };
  const finishEdit = () => {
    expanded.endEdit();
    content.querySelector<HTMLElement>('[data-control="edit"]')?.focus({ preventScroll: true });
  };
  useKeyHandler((event) => {
    if (event.key !== 'Escape' || props.isBeside) return false;
    props.onClose();
    return true;
  });
  onMount(() => back?.focus({ preventScroll: true }));
  return (
    <div class="session-pane__content" ref={(element) => (content = element)}>
      <div class="session-pane__bar">
        <Show when={!props.isBeside}>
          <button ref={(element) => (back = element)} type="button" class="quiet-button session-pane__back" data-testid="back" onClick={() => props.onClose()}>
            <Chevron />
            {text.sessionDetail.back}
          </button>
        </Show>
        <SessionActions session={props.session} onEdit={changeFlag} />
      </div>
      <Show
        when={isEditing()}
        fallback={<SessionDetail session={props.session} query={detail} onEdit={edit} />}
      >
        <div class="card session-pane__form">
          <EditForm session={props.session} detail={detail} onDone={finishEdit} />
        </div>
      </Show>
    </div>
  );
}
