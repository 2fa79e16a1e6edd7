// Text from logs: sanitized, isolated in its reading direction, never HTML.
import type { JSX } from 'solid-js';
import { sanitizeName } from '../lib/sanitize';

export function SanitizedText(props: { value: string; class?: string; testid?: string }): JSX.Element {
  return (
    <bdi class={props.class} data-testid={props.testid}>
      {sanitizeName(props.value)}
    </bdi>
  );
}
