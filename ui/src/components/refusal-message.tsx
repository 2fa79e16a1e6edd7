// The reason a request was refused, shown next to its control, with a hint if there is one.
import { type JSX, Show } from 'solid-js';
import type { ApiError } from '../bindings/ApiError';
import { sanitizeName } from '../lib/sanitize';
import { SanitizedText } from './sanitized-text';

export function RefusalMessage(props: { refusal: ApiError; id?: string; testid?: string | undefined; more?: string }): JSX.Element {
  return (
    <p class="refusal" role="alert" id={props.id} data-testid={props.testid}>
      <SanitizedText value={props.refusal.message} />
      <Show when={props.refusal.hint}>{(hint) => <span class="text-muted"> {sanitizeName(hint())}</span>}</Show>
      <Show when={props.more}>{(more) => <span class="text-muted"> {sanitizeName(more())}</span>}</Show>
    </p>
  );
}
