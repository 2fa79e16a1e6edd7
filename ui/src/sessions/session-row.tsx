// One row of the list: a button that opens it in place, a pencil that edits it, and what they open.
// It is placed by its parent and refuses to know how many rows there are beside it.
import { createEffect, onCleanup, Show, type JSX } from 'solid-js';
import type { SessionStats } from '../bindings/SessionStats';
import type { Host } from '../host/host';
import { Pencil } from '../parts/icons';
import { SessionLine } from '../parts/session-line';
import { plain } from '../plain';
import { text } from '../text';
import { createDetail } from './detail';
import { EditForm } from './edit-form';
import type { Edit, Edits } from './edits';
import type { OpenedSession } from './opened';
import { SessionDetail } from './session-detail';

/** What all rows of a list have in common. */
export interface RowsProps {
  zone: string;
  now: number;
  host: Host;
  opened: OpenedSession;
  edits: Edits;
  /** Pins, hides or mutes a session. */
  mark: (edit: Edit) => void;
}

export interface RowProps extends RowsProps {
  session: SessionStats;
  index: number;
  count: number;
  top: number;
  /** Whether the list's one place in the tab order is here. */
  current: boolean;
  /** How tall the opened part is, whenever that changes. */
  grew: (extra: number) => void;
}

export function SessionRow(props: RowProps): JSX.Element {
  const id = () => props.session.sessionId;
  const expanded = () => props.opened.expanded(id());
  const editing = () => props.opened.editing(id());
  let pencil!: HTMLButtonElement;
  const doneEditing = () => {
    props.opened.endEdit();
    pencil.focus({ preventScroll: true });
  };
  return (
    <li
      class="row"
      classList={{ opened: expanded() || editing(), 'left-out': props.session.isHidden }}
      data-testid="session-row"
      data-session-id={id()}
      aria-posinset={props.index + 1}
      aria-setsize={props.count}
      style={{ transform: `translateY(${props.top}px)` }}
    >
      <div class="row-head">
        <button
          type="button"
          class="row-open line"
          data-control="open"
          aria-expanded={expanded()}
          tabindex={props.current ? 0 : -1}
          onClick={() => props.opened.toggle(id())}
        >
          <SessionLine session={props.session} zone={props.zone} now={props.now} cost />
        </button>
        <button
          ref={(element) => (pencil = element)}
          type="button"
          class="pencil"
          data-control="edit"
          data-testid="rename-button"
          aria-label={text.edit.open(plain(props.session.displayName))}
          tabindex={props.current ? 0 : -1}
          onClick={() => props.opened.edit(id())}
        >
          <Pencil />
        </button>
      </div>
      <Show when={expanded() || editing()}>
        <Panel grew={props.grew}>
          <OpenedParts {...props} expanded={expanded()} editing={editing()} done={doneEditing} />
        </Panel>
      </Show>
    </li>
  );
}

/** Both ask for the same details, once. */
function OpenedParts(props: RowProps & { expanded: boolean; editing: boolean; done: () => void }): JSX.Element {
  const known = createDetail(props.host, () => props.session, () => props.edits.edition());
  return (
    <>
      <Show when={props.editing}>
        <EditForm session={props.session} known={known} edits={props.edits} done={props.done} />
      </Show>
      <Show when={props.expanded}>
        <SessionDetail
          session={props.session}
          known={known}
          zone={props.zone}
          mark={props.mark}
        />
      </Show>
    </>
  );
}

/** Reports its own height, so that the rows below make room. */
function Panel(props: { grew: (extra: number) => void; children: JSX.Element }): JSX.Element {
  let panel!: HTMLDivElement;
  createEffect(() => {
    const observer = new ResizeObserver(() => props.grew(panel.offsetHeight));
    observer.observe(panel);
    onCleanup(() => observer.disconnect());
  });
  return (
    <div class="row-panel" ref={(element) => (panel = element)}>
      {props.children}
    </div>
  );
}
