// A note that output was under-logged and the figure is a lower bound.
import { type JSX, Show } from 'solid-js';
import { formatNumber } from '../lib/format';
import { text } from '../strings';

export function UnderLoggedNote(props: { messages: number }): JSX.Element {
  return (
    <Show when={props.messages > 0}>
      <p class="caption" data-figure data-testid="under-logged" title={text.underLoggedTitle}>
        {text.underLoggedNote(formatNumber(props.messages), props.messages)}
      </p>
    </Show>
  );
}
