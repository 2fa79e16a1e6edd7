// One row of the list: a button that opens it in place, a pencil that renames it, and what they open.
// It is placed by its parent and refuses to know how many rows there are beside it.
import { createEffect, onCleanup, Show, type JSX } from 'solid-js';
import type { SessionMetadata } from '../bindings/SessionMetadata';
import type { SessionStats } from '../bindings/SessionStats';
import type { Host } from '../host/host';
import { SessionLine } from '../parts/session-line';
import { plain } from '../plain';
import { text } from '../text';
import type { OpenedSession } from './opened';
import { RenameForm } from './rename-form';
import { SessionDetail } from './session-detail';

export interface RowProps {
  session: SessionStats;
  index: number;
  count: number;
  top: number;
  /** Whether the list's one place in the tab order is here. */
  current: boolean;
  zone: string;
  now: number;
  host: Host;
  opened: OpenedSession;
  /** How tall the opened part is, whenever that changes. */
  grew: (extra: number) => void;
  renamed: (metadata: SessionMetadata) => void;
}

export function SessionRow(props: RowProps): JSX.Element {
  const id = () => props.session.sessionId;
  const expanded = () => props.opened.expanded(id());
  const renaming = () => props.opened.renaming(id());
  let pencil!: HTMLButtonElement;
  const doneRenaming = () => {
    props.opened.endRename();
    pencil.focus({ preventScroll: true });
  };
  return (
    <li
      class="row"
      classList={{ opened: expanded() || renaming() }}
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
          data-control="rename"
          data-testid="rename-button"
          aria-label={text.rename.open(plain(props.session.displayName))}
          tabindex={props.current ? 0 : -1}
          onClick={() => props.opened.rename(id())}
        >
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M3 13 L3.6 10.4 L10.8 3.2 L12.8 5.2 L5.6 12.4 Z M9.4 4.6 L11.4 6.6" />
          </svg>
        </button>
      </div>
      <Show when={expanded() || renaming()}>
        <Panel grew={props.grew}>
          <Show when={renaming()}>
            <RenameForm session={props.session} host={props.host} renamed={props.renamed} done={doneRenaming} />
          </Show>
          <Show when={expanded()}>
            <SessionDetail session={props.session} host={props.host} zone={props.zone} now={props.now} />
          </Show>
        </Panel>
      </Show>
    </li>
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
