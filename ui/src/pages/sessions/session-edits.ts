// Edits of session metadata with undo: the last edit can be undone for ten seconds, by saving the previous values.
import { type Accessor, createSignal, onCleanup } from 'solid-js';
import type { SessionChanges } from '../../bindings/SessionChanges';
import type { SessionMetadata } from '../../bindings/SessionMetadata';
import type { Host } from '../../host/host';
import { toRefusal } from '../../host/refusal';
import { SECOND } from '../../lib/time';
import { text } from '../../strings';

/** Milliseconds in which an edit can be undone. */
export const UNDO_TIMEOUT = 10 * SECOND;

export interface SessionEdit {
  sessionId: string;
  changes: Partial<SessionChanges>;
  /** The previous values of the same fields. */
  before: Partial<SessionChanges>;
  /** The message after the edit was saved. */
  message: string;
}

/** The message about the last edit; it can be undone if `edit` is set. */
export interface UndoNotice {
  message: string;
  edit: SessionEdit | null;
}

export interface SessionEdits {
  readonly notice: Accessor<UndoNotice | null>;
  /** Increases with each edit. */
  readonly editCount: Accessor<number>;
  /** Saves an edit; rejects with the host's refusal. */
  apply(edit: SessionEdit): Promise<void>;
  /** Saves an edit and shows a refusal as the notice; resolves to true if it was saved. */
  tryApply(edit: SessionEdit): Promise<boolean>;
  /** Undoes the last edit; resolves to its session ID, or null if nothing was undone. */
  undo(): Promise<string | null>;
  /** Keeps the notice while it has the focus or the pointer. */
  keepNotice(): void;
  /** Hides the notice after the undo timeout. */
  expireNotice(): void;
}

export function createSessionEdits(host: Host, onSaved: (metadata: SessionMetadata) => void): SessionEdits {
  const [notice, setNotice] = createSignal<UndoNotice | null>(null);
  const [editCount, setEditCount] = createSignal(0);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const keepNotice = () => clearTimeout(timer);
  const expireNotice = () => {
    keepNotice();
    timer = setTimeout(() => setNotice(null), UNDO_TIMEOUT);
  };
  const showNotice = (next: UndoNotice) => {
    setNotice(next);
    expireNotice();
  };
  const save = async (sessionId: string, changes: Partial<SessionChanges>) => {
    onSaved(await host.updateSession(sessionId, changes));
    setEditCount(editCount() + 1);
  };
  const apply = async (edit: SessionEdit) => {
    await save(edit.sessionId, edit.changes);
    showNotice({ message: edit.message, edit });
  };
  const showRefusal = (thrown: unknown) => showNotice({ message: toRefusal(thrown).message, edit: null });
  const tryApply = async (edit: SessionEdit) => {
    try {
      await apply(edit);
      return true;
    } catch (thrown) {
      showRefusal(thrown);
      return false;
    }
  };
  const undo = async () => {
    const edit = notice()?.edit ?? null;
    if (edit === null) return null;
    // Cleared at once, so that two presses undo one edit.
    setNotice(null);
    try {
      await save(edit.sessionId, edit.before);
      showNotice({ message: text.sessionEdit.undone, edit: null });
      return edit.sessionId;
    } catch (thrown) {
      showRefusal(thrown);
      return null;
    }
  };
  onCleanup(keepNotice);
  return { notice, editCount, apply, tryApply, undo, keepNotice, expireNotice };
}
