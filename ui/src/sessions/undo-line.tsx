// The last change in words, and the way back while there is one. It stays while somebody is at it.
import { Show, type JSX } from 'solid-js';
import { hearKeys, isTyping } from '../keys';
import { plain } from '../plain';
import { text } from '../text';
import type { Edits } from './edits';

export function UndoLine(props: { edits: Edits; undone: (sessionId: string) => void }): JSX.Element {
  const undo = async () => {
    const sessionId = await props.edits.undo();
    if (sessionId !== null) props.undone(sessionId);
  };
  hearKeys((event) => {
    const wished = event.key === 'z' && (event.ctrlKey || event.metaKey) && !isTyping(event.target);
    if (!wished || (props.edits.notice()?.edit ?? null) === null) return false;
    void undo();
    return true;
  });
  return (
    <div class="undo" classList={{ said: props.edits.notice() !== null }} data-testid="undo-line">
      <p role="status">{plain(props.edits.notice()?.words ?? '')}</p>
      <Show when={props.edits.notice()?.edit}>
        <button
          type="button"
          class="button small"
          data-testid="undo"
          onClick={() => void undo()}
          onFocus={() => props.edits.hold()}
          onBlur={() => props.edits.release()}
          onPointerEnter={() => props.edits.hold()}
          onPointerLeave={() => props.edits.release()}
        >
          {text.edit.undo}
        </button>
      </Show>
    </div>
  );
}
