// A button that starts the background process. Disabled while starting; a failure is shown below it.
import { createSignal, type JSX, Show } from 'solid-js';
import type { ApiError } from '../bindings/ApiError';
import { useSnapshotStore } from '../lib/contexts';
import { text } from '../strings';
import { RefusalMessage } from './refusal-message';

export function StartButton(): JSX.Element {
  const store = useSnapshotStore();
  const [starting, setStarting] = createSignal(false);
  const [refusal, setRefusal] = createSignal<ApiError | null>(null);
  const start = async () => {
    if (starting()) return;
    setStarting(true);
    setRefusal(await store.start());
    setStarting(false);
  };
  return (
    <div class="start-button">
      <button type="button" class="button button--primary button--small" data-testid="start-button" aria-disabled={starting()} onClick={() => void start()}>
        {starting() ? text.app.offline.starting : text.app.offline.start}
      </button>
      <Show when={refusal()}>
        {(reason) => <RefusalMessage refusal={reason()} />}
      </Show>
    </div>
  );
}
