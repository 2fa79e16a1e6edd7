// Which session is open in place and which is being edited. At most one each, and both the same one:
// opening another closes the first.
import { createSignal, type Accessor } from 'solid-js';

export interface OpenedSession {
  /** The session that is taller than the rest, for either reason. */
  readonly session: Accessor<string | null>;
  readonly expanded: (sessionId: string) => boolean;
  readonly editing: (sessionId: string) => boolean;
  toggle(sessionId: string): void;
  open(sessionId: string): void;
  close(): void;
  edit(sessionId: string): void;
  endEdit(): void;
}

interface Opening {
  id: string;
  expanded: boolean;
  editing: boolean;
}

export function createOpened(): OpenedSession {
  const [opening, setOpening] = createSignal<Opening | null>(null);
  const of = (id: string): Opening => {
    const now = opening();
    return now?.id === id ? now : { id, expanded: false, editing: false };
  };
  const put = (next: Opening) => setOpening(next.expanded || next.editing ? next : null);
  return {
    session: () => opening()?.id ?? null,
    expanded: (id) => of(id).expanded,
    editing: (id) => of(id).editing,
    toggle: (id) => put({ ...of(id), expanded: !of(id).expanded }),
    open: (id) => put({ ...of(id), expanded: true }),
    close: () => setOpening(null),
    edit: (id) => put({ ...of(id), editing: true }),
    endEdit: () => {
      const now = opening();
      if (now) put({ ...now, editing: false });
    },
  };
}
