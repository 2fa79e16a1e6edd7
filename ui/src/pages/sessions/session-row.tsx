// A row of the session list: a button that shows its details, a pencil that edits it, and the edit form.
import { createEffect, type JSX, onCleanup, Show } from 'solid-js';
import type { SessionStats } from '../../bindings/SessionStats';
import { Pencil } from '../../components/icons';
import { SessionSummary } from '../../components/session-summary';
import { useHost } from '../../lib/contexts';
import { sanitizeName } from '../../lib/sanitize';
import { text } from '../../strings';
import { createDetailQuery } from './detail-query';
import { EditForm } from './edit-form';
import { useSessions } from './sessions-context';

interface RowProps {
  session: SessionStats;
  index: number;
  count: number;
  /** The top of the row in pixels. */
  top: number;
  /** True for the first and the last row of a group. */
  isFirst: boolean;
  isLast: boolean;
  /** True if this row is the list's tab stop. */
  isTabStop: boolean;
  /** Called with the height of the panel whenever it changes. */
  onPanelResize: (height: number) => void;
}

export function SessionRow(props: RowProps): JSX.Element {
  const { expanded, shownId } = useSessions();
  const id = () => props.session.sessionId;
  const isShown = () => shownId() === id();
  /** The form is in the row unless the details are shown, which then have it. */
  const isEditing = () => expanded.isEditing(id()) && !expanded.isExpanded(id());
  let pencil!: HTMLButtonElement;
  const finishEdit = () => {
    expanded.endEdit();
    pencil.focus({ preventScroll: true });
  };
  return (
    <li
      class="virtual-row session-row"
      classList={{ 'is-open': isShown() || isEditing(), 'is-hidden': props.session.isHidden, 'virtual-row--first': props.isFirst, 'virtual-row--last': props.isLast }}
      data-testid="session-row"
      data-session-id={id()}
      aria-posinset={props.index + 1}
      aria-setsize={props.count}
      style={{ transform: `translateY(${props.top}px)` }}
    >
      <div class="session-row__header">
        <button
          type="button"
          class="bare-button session-row__toggle list-item session-summary"
          data-control="open"
          aria-expanded={isShown()}
          tabindex={props.isTabStop ? 0 : -1}
          onClick={() => expanded.open(id())}
        >
          <SessionSummary session={props.session} />
        </button>
        <button
          ref={(element) => (pencil = element)}
          type="button"
          class="session-row__edit"
          data-control="edit"
          data-testid="rename-button"
          aria-label={text.sessionEdit.open(sanitizeName(props.session.displayName))}
          tabindex={props.isTabStop ? 0 : -1}
          onClick={() => expanded.startEdit(id())}
        >
          <Pencil />
        </button>
      </div>
      <Show when={isEditing()}>
        <RowPanel onResize={props.onPanelResize}>
          <RowForm session={props.session} onDone={finishEdit} />
        </RowPanel>
      </Show>
    </li>
  );
}

function RowForm(props: { session: SessionStats; onDone: () => void }): JSX.Element {
  const { edits } = useSessions();
  const detail = createDetailQuery(useHost(), () => props.session, edits.editCount);
  return <EditForm session={props.session} detail={detail} onDone={props.onDone} />;
}

/** Reports its height, so that the rows below move down. */
function RowPanel(props: { onResize: (height: number) => void; children: JSX.Element }): JSX.Element {
  let panel!: HTMLDivElement;
  createEffect(() => {
    const observer = new ResizeObserver(() => props.onResize(panel.offsetHeight));
    observer.observe(panel);
    onCleanup(() => observer.disconnect());
  });
  return (
    <div class="session-row__panel" ref={(element) => (panel = element)}>
      {props.children}
    </div>
  );
}
