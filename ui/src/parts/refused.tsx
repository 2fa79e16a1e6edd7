// Why something was not done, at the place where it was asked: a sentence, and what to do where there is something.
import { Show, type JSX } from 'solid-js';
import type { Refusal } from '../host/host';
import { plain } from '../plain';
import { Plain } from './plain';

export function Refused(props: { refusal: Refusal; id?: string; testid?: string | undefined; more?: string }): JSX.Element {
  return (
    <p class="refusal" role="alert" id={props.id} data-testid={props.testid}>
      <Plain value={props.refusal.message} />
      <Show when={props.refusal.hint}>{(hint) => <span class="dim"> {plain(hint())}</span>}</Show>
      <Show when={props.more}>{(more) => <span class="dim"> {plain(more())}</span>}</Show>
    </p>
  );
}
