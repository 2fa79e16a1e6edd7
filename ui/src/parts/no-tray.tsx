// Says that this desktop shows no tray icons, where the popover had to come as a window of its own; and what to do about it.
// Once read it can be put away until the next opening. It refuses to say so before the host has.
import { createSignal, Show, type JSX } from 'solid-js';
import type { Frame, Host } from '../host/host';
import { text } from '../text';
import { onSeenAgain } from '../visible';
import { Cross } from './icons';

export function NoTray(props: { host: Host }): JSX.Element {
  const [frame, setFrame] = createSignal<Frame>('popover');
  const [away, putAway] = createSignal(false);
  const ask = () => void props.host.frame().then(setFrame, () => undefined);
  ask();
  // The icon may have come meanwhile.
  onSeenAgain(ask);
  /** The button goes with its line; the keyboard goes on with the page beneath. */
  const leave = () => {
    putAway(true);
    document.querySelector<HTMLElement>('[role=tabpanel]:not([hidden])')?.focus();
  };
  return (
    <Show when={frame() === 'window' && !away()}>
      <section class="banner no-tray" aria-labelledby="no-tray-title" data-testid="no-tray">
        <div>
          <p class="banner-title" id="no-tray-title">
            {text.noTray.title}
          </p>
          <p>{text.noTray.hint}</p>
        </div>
        <button type="button" class="button square" aria-label={text.noTray.putAway} title={text.noTray.putAway} data-testid="put-away" onClick={leave}>
          <Cross />
        </button>
      </section>
    </Show>
  );
}
