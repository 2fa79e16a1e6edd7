// A button that starts the background process, or asks again where the host cannot start it. Disabled while starting; a failure
// is shown below it.
import { createSignal, type JSX, Show } from 'solid-js';
import type { ApiError } from '../bindings/ApiError';
import { useFeature, useSnapshotStore } from '../lib/contexts';
import { text } from '../strings';
import { RefusalMessage } from './refusal-message';

export function StartButton(): JSX.Element {
  const store = useSnapshotStore();
  const canStart = useFeature('startDaemon');
  const [starting, setStarting] = createSignal(false);
  const [refusal, setRefusal] = createSignal<ApiError | null>(null);
  const start = async () => {
    if (starting()) return;
    setStarting(true);
    setRefusal(canStart ? await store.start() : await store.refresh().then(() => null));
    setStarting(false);
  };
  return (
    <div class="start-button">
      <button type="button" class="button button--primary button--small" data-testid="start-button" aria-disabled={starting()} onClick={() => void start()}>
        <Show when={canStart} fallback={text.retry}>
          {starting() ? text.app.offline.starting : text.app.offline.start}
        </Show>
      </button>
      <Show when={refusal()}>
        {(reason) => <RefusalMessage refusal={reason()} />}
      </Show>
    </div>
  );
}
