// Keeps alerts back for a while. How long is chosen beneath the button; until when is said in its place.
import { createSignal, For, Show, type JSX } from 'solid-js';
import type { AlertStatus } from '../bindings/AlertStatus';
import type { Pause } from '../bindings/Pause';
import type { Host, Refusal } from '../host/host';
import { toRefusal } from '../host/refusal';
import { hearKeys } from '../keys';
import { Refused } from '../parts/refused';
import { text } from '../text';
import { upcoming } from '../time';

const pauses: readonly Exclude<Pause, 'off'>[] = ['fifteenMinutes', 'thirtyMinutes', 'hour', 'untilReset', 'untilTomorrow'];

interface PauseProps {
  status: AlertStatus;
  host: Host;
  now: number;
  zone: string;
  paused: () => void;
}

export function PauseControl(props: PauseProps): JSX.Element {
  const [open, setOpen] = createSignal(false);
  const [refusal, setRefusal] = createSignal<Refusal | null>(null);
  let button!: HTMLButtonElement;
  const paused = () => props.status.pausedUntil;
  const close = () => {
    setOpen(false);
    button.focus();
  };
  const pause = async (length: Pause) => {
    setRefusal(null);
    try {
      await props.host.pauseAlerts(length);
      close();
      props.paused();
    } catch (thrown) {
      setRefusal(toRefusal(thrown));
    }
  };
  hearKeys((event) => {
    if (event.key !== 'Escape' || !open()) return false;
    close();
    return true;
  });
  const press = () => (paused() === null ? setOpen(!open()) : void pause('off'));
  return (
    <section class="pause" aria-label={text.alertsPage.pauseFor}>
      <div class="pair pause-line">
        <p role="status" data-testid="pause-state">
          <Show when={paused()} fallback={<span class="dim">{props.status.unavailable === null ? text.alertsPage.on : text.alertsPage.kept}</span>}>
            {(until) => <time datetime={until()}>{text.alertsPage.pausedUntil(upcoming(until(), props.now, props.zone))}</time>}
          </Show>
        </p>
        <button
          ref={(element) => (button = element)}
          type="button"
          class="button small"
          data-testid="pause"
          aria-expanded={paused() === null ? open() : undefined}
          onClick={press}
        >
          {paused() === null ? text.alertsPage.pause : text.alertsPage.resume}
        </button>
      </div>
      <Show when={open() && paused() === null}>
        <div class="actions" role="group" aria-label={text.alertsPage.pauseFor}>
          <For each={pauses}>
            {(length) => (
              <button type="button" class="button small" data-testid={`pause-${length}`} onClick={() => void pause(length)}>
                {text.alertsPage.pauses[length]}
              </button>
            )}
          </For>
        </div>
      </Show>
      <Show when={refusal()}>{(refused) => <Refused refusal={refused()} />}</Show>
    </section>
  );
}
