// Pauses alerts. The lengths are listed below the button; during a pause its end is shown instead.
import { createSignal, For, type JSX, Show } from 'solid-js';
import type { AlertStatus } from '../../bindings/AlertStatus';
import type { Pause } from '../../bindings/Pause';
import { RefusalMessage } from '../../components/refusal-message';
import type { ApiError } from '../../bindings/ApiError';
import { toRefusal } from '../../host/refusal';
import { useClock, useHost, useSnapshotStore } from '../../lib/contexts';
import { useKeyHandler } from '../../lib/key-handlers';
import { formatUpcoming } from '../../lib/time';
import { text } from '../../strings';

const pauses: readonly Exclude<Pause, 'off'>[] = ['fifteenMinutes', 'thirtyMinutes', 'hour', 'untilReset', 'untilTomorrow'];

export function PauseControl(props: { status: AlertStatus }): JSX.Element {
  const host = useHost();
  const store = useSnapshotStore();
  const { now, zone } = useClock();
  const [isOpen, setOpen] = createSignal(false);
  const [refusal, setRefusal] = createSignal<ApiError | null>(null);
  let button!: HTMLButtonElement;
  const pausedUntil = () => props.status.pausedUntil;
  const close = () => {
    setOpen(false);
    button.focus();
  };
  const pause = async (length: Pause) => {
    setRefusal(null);
    try {
      await host.pauseAlerts(length);
      close();
      void store.refresh();
    } catch (thrown) {
      setRefusal(toRefusal(thrown));
    }
  };
  useKeyHandler((event) => {
    if (event.key !== 'Escape' || !isOpen()) return false;
    close();
    return true;
  });
  const onClick = () => (pausedUntil() === null ? setOpen(!isOpen()) : void pause('off'));
  return (
    <section class="pause-control" aria-label={text.alerts.pauseAlerts}>
      <div class="row-between pause-control__row">
        <p role="status" data-testid="pause-state">
          <Show when={pausedUntil()} fallback={<span class="text-muted">{props.status.unavailable === null ? text.alerts.on : text.alerts.listedOnly}</span>}>
            {(until) => <time datetime={until()}>{text.alerts.pausedUntil(formatUpcoming(until(), now(), zone()))}</time>}
          </Show>
        </p>
        <button
          ref={(element) => (button = element)}
          type="button"
          class="button button--small"
          data-testid="pause"
          aria-expanded={pausedUntil() === null ? isOpen() : undefined}
          onClick={onClick}
        >
          {pausedUntil() === null ? text.alerts.pause : text.alerts.resume}
        </button>
      </div>
      <Show when={isOpen() && pausedUntil() === null}>
        <div class="button-row" role="group" aria-label={text.alerts.pauseAlerts}>
          <For each={pauses}>
            {(length) => (
              <button type="button" class="button button--small" data-testid={`pause-${length}`} onClick={() => void pause(length)}>
                {text.alerts.pauses[length]}
              </button>
            )}
          </For>
        </div>
      </Show>
      <Show when={refusal()}>{(reason) => <RefusalMessage refusal={reason()} />}</Show>
    </section>
  );
}
