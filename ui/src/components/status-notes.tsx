// Notes in place of data from the host: loading, failed, or empty. Each has a sentence and at most one action.
import { type JSX, Show } from 'solid-js';
import type { ApiError } from '../bindings/ApiError';
import { text } from '../strings';
import { SanitizedText } from './sanitized-text';
import './status-notes.css';

export function LoadingNote(props: { message: string }): JSX.Element {
  return (
    <p class="status-note text-muted" role="status">
      {props.message}
    </p>
  );
}

export function LoadError(props: { message: string; failure: ApiError; onRetry: () => void }): JSX.Element {
  return (
    <div class="status-note" role="alert" data-testid="load-error">
      <p>{props.message}</p>
      <p class="text-muted">
        <SanitizedText value={props.failure.message} /> <Show when={props.failure.hint}>{(hint) => <SanitizedText value={hint()} />}</Show>
      </p>
      <RetryButton onRetry={props.onRetry} />
    </div>
  );
}

export function EmptyNote(props: { message: string; hint: string }): JSX.Element {
  return (
    <div class="status-note" data-testid="empty-note">
      <p>{props.message}</p>
      <p class="text-muted">{props.hint}</p>
    </div>
  );
}

/** A note above data that could not be refreshed, or that could not be loaded at all if `message` is given. */
export function StaleNote(props: { failure: ApiError | null; message?: string | undefined; onRetry: () => void }): JSX.Element {
  return (
    <Show when={props.failure}>
      <div class="stale-note" role="status">
        <span>{props.message ?? text.refreshFailed}</span>
        <RetryButton onRetry={props.onRetry} />
      </div>
    </Show>
  );
}

function RetryButton(props: { onRetry: () => void }): JSX.Element {
  return (
    <button type="button" class="button" onClick={() => props.onRetry()}>
      {text.retry}
    </button>
  );
}
