// Text from logs on screen: cleaned, isolated so that its direction stays its own, never HTML.
import type { JSX } from 'solid-js';
import { plain } from '../plain';

export function Plain(props: { value: string; class?: string; testid?: string }): JSX.Element {
  return (
    <bdi class={props.class} data-testid={props.testid}>
      {plain(props.value)}
    </bdi>
  );
}
