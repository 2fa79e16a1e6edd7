// What the status line looks like and what happens next: shown where it can be turned on.
import { type JSX, Show } from 'solid-js';
import { text } from '../strings';
import './status-line-preview.css';

export function StatusLinePreview(props: { isOn: boolean }): JSX.Element {
  return (
    <Show
      when={props.isOn}
      fallback={
        <div class="status-line-preview">
          <p class="caption">{text.app.statusLine.preview}</p>
          <code class="status-line-preview__line" dir="ltr">
            {text.app.statusLine.example}
          </code>
        </div>
      }
    >
      <p class="caption" role="status" data-testid="status-line-next">
        {text.app.statusLine.next}
      </p>
    </Show>
  );
}
