// What a person changes about sessions, and the way back: for ten seconds the last change can be undone,
// which puts back what was there before by the same door. It refuses to remember more than the last one.
import { createSignal, onCleanup, type Accessor } from 'solid-js';
import type { SessionChanges } from '../bindings/SessionChanges';
import type { SessionMetadata } from '../bindings/SessionMetadata';
import type { Host } from '../host/host';
import { toRefusal } from '../host/refusal';
import { text } from '../text';
import { SECOND } from '../time';

/** Long enough to read a line and to reach its button. */
export const REGRET = 10 * SECOND;

export interface Edit {
  sessionId: string;
  changes: Partial<SessionChanges>;
  /** The same fields as they were. */
  before: Partial<SessionChanges>;
  /** What is said once it is done. */
  words: string;
}

/** What is said of the last change; it can be undone while there is an edit. */
export interface Notice {
  words: string;
  edit: Edit | null;
}

export interface Edits {
  readonly notice: Accessor<Notice | null>;
  /** Goes up with each change. */
  readonly edition: Accessor<number>;
  /** Changes a session; rejects with what the host refused. */
  make(edit: Edit): Promise<void>;
  /** The same, where a refusal is said in the notice. Whether it was done. */
  attempt(edit: Edit): Promise<boolean>;
  /** Takes the last change back; answers whose it was, where that was done. */
  undo(): Promise<string | null>;
  /** Somebody is at the notice: it stays until they leave. */
  hold(): void;
  release(): void;
}

export function createEdits(host: Host, described: (metadata: SessionMetadata) => void): Edits {
  const [notice, setNotice] = createSignal<Notice | null>(null);
  const [edition, setEdition] = createSignal(0);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hold = () => clearTimeout(timer);
  const release = () => {
    hold();
    timer = setTimeout(() => setNotice(null), REGRET);
  };
  const say = (next: Notice) => {
    setNotice(next);
    release();
  };
  const change = async (sessionId: string, changes: Partial<SessionChanges>) => {
    described(await host.describe(sessionId, changes));
    setEdition(edition() + 1);
  };
  const make = async (edit: Edit) => {
    await change(edit.sessionId, edit.changes);
    say({ words: edit.words, edit });
  };
  const refused = (thrown: unknown) => say({ words: toRefusal(thrown).message, edit: null });
  const attempt = (edit: Edit) => make(edit).then(
    () => true,
    (thrown) => (refused(thrown), false),
  );
  const undo = async () => {
    const edit = notice()?.edit ?? null;
    if (edit === null) return null;
    // Taken at once, so that two presses undo one change.
    setNotice(null);
    try {
      await change(edit.sessionId, edit.before);
      say({ words: text.edit.undone, edit: null });
      return edit.sessionId;
    } catch (thrown) {
      refused(thrown);
      return null;
    }
  };
  onCleanup(hold);
  return { notice, edition, make, attempt, undo, hold, release };
}
