// The session whose details are shown and the session being edited. At most one of each, and always the same one: opening another
// closes the first.
import { type Accessor, createSignal } from 'solid-js';

export interface ExpandedSession {
  /** The session whose details are shown or that is being edited. */
  readonly sessionId: Accessor<string | null>;
  readonly isExpanded: (sessionId: string) => boolean;
  readonly isEditing: (sessionId: string) => boolean;
  open(sessionId: string): void;
  close(): void;
  startEdit(sessionId: string): void;
  endEdit(): void;
}

interface ExpandedState {
  id: string;
  isExpanded: boolean;
  isEditing: boolean;
}

export function createExpandedSession(): ExpandedSession {
  const [state, setState] = createSignal<ExpandedState | null>(null);
  const stateOf = (id: string): ExpandedState => {
    const current = state();
    return current?.id === id ? current : { id, isExpanded: false, isEditing: false };
  };
  const update = (next: ExpandedState) => setState(next.isExpanded || next.isEditing ? next : null);
  return {
    sessionId: () => state()?.id ?? null,
    isExpanded: (id) => stateOf(id).isExpanded,
    isEditing: (id) => stateOf(id).isEditing,
    open: (id) => update({ ...stateOf(id), isExpanded: true }),
    close: () => setState(null),
    startEdit: (id) => update({ ...stateOf(id), isEditing: true }),
    endEdit: () => {
      const current = state();
      if (current) update({ ...current, isEditing: false });
    },
  };
}
