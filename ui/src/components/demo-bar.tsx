// The mark of sample data, on every page, with the way back if the host has one.
import { createSignal, type JSX, Show } from 'solid-js';
import { useHost, useSnapshotStore } from '../lib/contexts';
import { text } from '../strings';
import './demo-bar.css';

export function DemoBar(): JSX.Element {
  const store = useSnapshotStore();
  const host = useHost();
  return (
    <Show when={store.state.snapshot?.isDemo}>
      <section class="demo-bar" aria-label={text.reach.demo.title} data-testid="demo-bar">
        <p>
          <strong>{text.reach.demo.title}</strong> {text.reach.demo.note}
        </p>
        <Show when={host.features.has('demo')}>
          <button type="button" class="button button--small" data-testid="leave-demo" onClick={() => void host.leaveDemo().catch(() => undefined)}>
            {text.reach.demo.leave}
          </button>
        </Show>
      </section>
    </Show>
  );
}

/** Starts sample data in this window. */
export function LookAround(): JSX.Element {
  const host = useHost();
  const [isStarting, setStarting] = createSignal(false);
  const [hasFailed, setFailed] = createSignal(false);
  const start = async () => {
    if (isStarting()) return;
    setStarting(true);
    setFailed(false);
    await host.startDemo().catch(() => setFailed(true));
    setStarting(false);
  };
  return (
    <>
      <button type="button" class="link-button look-around" data-testid="look-around" aria-disabled={isStarting()} onClick={() => void start()}>
        {isStarting() ? text.reach.demo.preparing : text.reach.demo.lookAround}
      </button>
      <Show when={hasFailed()}>
        <p role="alert">{text.requestFailed}</p>
      </Show>
    </>
  );
}
