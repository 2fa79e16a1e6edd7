// The mark of output that Claude Code never logged whole: a lower bound, and it says so.
import { Show, type JSX } from 'solid-js';
import { exact } from '../format';
import { text } from '../text';

export function UnderLogged(props: { messages: number }): JSX.Element {
  return (
    <Show when={props.messages > 0}>
      <p class="note" data-figure data-testid="under-logged" title={text.underLoggedTitle}>
        {text.underLoggedIn(exact(props.messages), props.messages)}
      </p>
    </Show>
  );
}
