// Which session is open in place and which is being renamed. At most one each, and both the same one:
// opening another closes the first.
import { createSignal, type Accessor } from 'solid-js';

export interface OpenedSession {
  /** The session that is taller than the rest, for either reason. */
  readonly session: Accessor<string | null>;
  readonly expanded: (sessionId: string) => boolean;
  readonly renaming: (sessionId: string) => boolean;
  toggle(sessionId: string): void;
  rename(sessionId: string): void;
  endRename(): void;
}

interface Opening {
  id: string;
  expanded: boolean;
  renaming: boolean;
}

export function createOpened(): OpenedSession {
  const [opening, setOpening] = createSignal<Opening | null>(null);
  const of = (id: string): Opening => {
    const now = opening();
    return now?.id === id ? now : { id, expanded: false, renaming: false };
  };
  const put = (next: Opening) => setOpening(next.expanded || next.renaming ? next : null);
  return {
    session: () => opening()?.id ?? null,
    expanded: (id) => of(id).expanded,
    renaming: (id) => of(id).renaming,
    toggle: (id) => put({ ...of(id), expanded: !of(id).expanded }),
    rename: (id) => put({ ...of(id), renaming: true }),
    endRename: () => {
      const now = opening();
      if (now) put({ ...now, renaming: false });
    },
  };
}
