// Pauses alerts: a button for each length; during a pause its end, and a button that resumes alerts.
import { createEffect, createSignal, For, type JSX, on, Show } from 'solid-js';
import type { AlertStatus } from '../../bindings/AlertStatus';
import type { ApiError } from '../../bindings/ApiError';
import type { Pause } from '../../bindings/Pause';
import { RefusalMessage } from '../../components/refusal-message';
import { toRefusal } from '../../host/refusal';
import { useClock, useHost, useSnapshotStore } from '../../lib/contexts';
import { formatUpcoming } from '../../lib/time';
import { text } from '../../strings';

const pauses: readonly Exclude<Pause, 'off'>[] = ['fifteenMinutes', 'thirtyMinutes', 'hour', 'untilReset', 'untilTomorrow'];

export function PauseControl(props: { status: AlertStatus }): JSX.Element {
  const host = useHost();
  const store = useSnapshotStore();
  const [refusal, setRefusal] = createSignal<ApiError | null>(null);
  let section!: HTMLElement;
  let movesFocus = false;
  const pausedUntil = () => props.status.pausedUntil;
  const change = async (pause: Pause) => {
    setRefusal(null);
    movesFocus = true;
    try {
      await host.pauseAlerts(pause);
      await store.refresh();
    } catch (thrown) {
      movesFocus = false;
      setRefusal(toRefusal(thrown));
    }
  };
  // The used button disappears with the new figures, which may be shown a moment later. The focus moves to the button that
  // undoes the change.
  createEffect(
    on(
      pausedUntil,
      () => {
        if (movesFocus) section.querySelector('button')?.focus();
        movesFocus = false;
      },
      { defer: true },
    ),
  );
  return (
    <section class="card pause-control" aria-label={text.alerts.pauseAlerts} ref={(element) => (section = element)}>
      <div class="row-between pause-control__row">
        <PauseState status={props.status} />
        <Show when={pausedUntil() === null} fallback={<ResumeButton onClick={() => void change('off')} />}>
          <div class="option-group" role="group" aria-label={text.alerts.pauseAlerts}>
            <For each={pauses}>{(length) => <LengthButton length={length} onClick={() => void change(length)} />}</For>
          </div>
        </Show>
      </div>
      <Show when={refusal()}>{(reason) => <RefusalMessage refusal={reason()} />}</Show>
    </section>
  );
}

/** The end of a pause; otherwise the name of the buttons. A change is announced in full. */
function PauseState(props: { status: AlertStatus }): JSX.Element {
  const { now, zone } = useClock();
  const state = () => (props.status.unavailable === null ? text.alerts.on : text.alerts.listedOnly);
  return (
    <p class="pause-control__state" role="status" data-testid="pause-state">
      <Show
        when={props.status.pausedUntil}
        fallback={
          <>
            <span aria-hidden="true">{text.alerts.pause}</span>
            <span class="visually-hidden">{state()}</span>
          </>
        }
      >
        {(until) => <time datetime={until()}>{text.alerts.pausedUntil(formatUpcoming(until(), now(), zone()))}</time>}
      </Show>
    </p>
  );
}

function LengthButton(props: { length: Exclude<Pause, 'off'>; onClick: () => void }): JSX.Element {
  const words = () => text.alerts.pauses[props.length];
  return (
    <button type="button" class="option-group__option" data-testid={`pause-${props.length}`} aria-label={words().full} title={words().full} onClick={() => props.onClick()}>
      {words().short}
    </button>
  );
}

function ResumeButton(props: { onClick: () => void }): JSX.Element {
  return (
    <button type="button" class="button button--small" data-testid="resume-alerts" onClick={() => props.onClick()}>
      {text.alerts.resume}
    </button>
  );
}
