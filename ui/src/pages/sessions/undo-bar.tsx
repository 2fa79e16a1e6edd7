// The message about the last edit, with an undo button while it can be undone.
import { type JSX, Show } from 'solid-js';
import { isTextField, useKeyHandler } from '../../lib/key-handlers';
import { sanitizeName } from '../../lib/sanitize';
import { text } from '../../strings';
import { useSessions } from './sessions-context';

export function UndoBar(props: { onUndone: (sessionId: string) => void }): JSX.Element {
  const { edits } = useSessions();
  const undo = async () => {
    const sessionId = await edits.undo();
    if (sessionId !== null) props.onUndone(sessionId);
  };
  useKeyHandler((event) => {
    const isUndoKey = event.key === 'z' && (event.ctrlKey || event.metaKey) && !isTextField(event.target);
    if (!isUndoKey || (edits.notice()?.edit ?? null) === null) return false;
    void undo();
    return true;
  });
  return (
    <div class="undo-bar" classList={{ 'is-shown': edits.notice() !== null }} data-testid="undo-bar">
      <p role="status">{sanitizeName(edits.notice()?.message ?? '')}</p>
      <Show when={edits.notice()?.edit}>
        <button
          type="button"
          class="button button--small"
          data-testid="undo"
          onClick={() => void undo()}
          onFocus={() => edits.keepNotice()}
          onBlur={() => edits.expireNotice()}
          onPointerEnter={() => edits.keepNotice()}
          onPointerLeave={() => edits.expireNotice()}
        >
          {text.sessionEdit.undo}
        </button>
      </Show>
    </div>
  );
}
