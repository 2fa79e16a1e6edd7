// What stands where something asked of the host is not there: still being read, unreadable, or none of it yet.
// Each is a sentence and one thing to do.
import { Show, type JSX } from 'solid-js';
import type { Refusal } from '../host/host';
import { text } from '../text';
import { Plain } from './plain';

export function Reading(props: { words: string }): JSX.Element {
  return (
    <p class="page-note dim" role="status">
      {props.words}
    </p>
  );
}

export function Unreadable(props: { words: string; failure: Refusal; again: () => void }): JSX.Element {
  return (
    <div class="page-note" role="alert" data-testid="unreadable">
      <p>{props.words}</p>
      <p class="dim">
        <Plain value={props.failure.message} /> <Show when={props.failure.hint}>{(hint) => <Plain value={hint()} />}</Show>
      </p>
      <Again again={props.again} />
    </div>
  );
}

export function Nothing(props: { words: string; hint: string }): JSX.Element {
  return (
    <div class="page-note" data-testid="nothing">
      <p>{props.words}</p>
      <p class="dim">{props.hint}</p>
    </div>
  );
}

/** Above figures that are still shown although newer ones did not come; with words of its own where there are none yet. */
export function OldAnswer(props: { failure: Refusal | null; words?: string | undefined; again: () => void }): JSX.Element {
  return (
    <Show when={props.failure}>
      <div class="old-answer" role="status">
        <span>{props.words ?? text.charts.older}</span>
        <Again again={props.again} />
      </div>
    </Show>
  );
}

function Again(props: { again: () => void }): JSX.Element {
  return (
    <button type="button" class="button" onClick={() => props.again()}>
      {text.again}
    </button>
  );
}
