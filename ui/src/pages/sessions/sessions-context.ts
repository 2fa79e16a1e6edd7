// The state of the Sessions page, shared by its parts.
import { type Accessor, createContext, useContext } from 'solid-js';
import type { ExpandedSession } from './expanded-session';
import type { SessionEdit, SessionEdits } from './session-edits';
import type { SessionPages } from './session-pages';

export interface SessionsState {
  list: SessionPages;
  expanded: ExpandedSession;
  edits: SessionEdits;
  /** The session whose details are shown. */
  shownId: Accessor<string | null>;
  /** Pins, hides or mutes a session. */
  changeFlag: (edit: SessionEdit) => void;
}

export const SessionsContext = createContext<SessionsState>();

export function useSessions(): SessionsState {
  const state = useContext(SessionsContext);
  if (state === undefined) throw new Error('used outside of the Sessions page');
  return state;
}
