// Starts what counts. While it starts it cannot be pressed again; why it did not start is said beside it.
import { createSignal, Show, type JSX } from 'solid-js';
import type { Refusal } from '../host/host';
import type { LiveState } from '../state';
import { text } from '../text';
import { Plain } from './plain';

export function StartButton(props: { state: LiveState }): JSX.Element {
  const [starting, setStarting] = createSignal(false);
  const [refusal, setRefusal] = createSignal<Refusal | null>(null);
  const start = async () => {
    if (starting()) return;
    setStarting(true);
    setRefusal(await props.state.start());
    setStarting(false);
  };
  return (
    <div class="start">
      <button type="button" class="button" data-testid="start-button" aria-disabled={starting()} onClick={() => void start()}>
        {starting() ? text.offline.starting : text.offline.start}
      </button>
      <Show when={refusal()}>
        {(refused) => (
          <p class="refusal" role="alert">
            <Plain value={refused().message} />
          </p>
        )}
      </Show>
    </div>
  );
}
