// A banner for desktops without tray icons, where the app runs as a window: the reason and the fix. It can be dismissed
// until the popover is opened again.
import { createSignal, type JSX, Show } from 'solid-js';
import type { Frame } from '../host/host';
import { useHost } from '../lib/contexts';
import { onVisible } from '../lib/visibility';
import { text } from '../strings';
import { Cross } from './icons';

export function NoTrayBanner(): JSX.Element {
  const host = useHost();
  const [frame, setFrame] = createSignal<Frame>('popover');
  const [isDismissed, setDismissed] = createSignal(false);
  const readFrame = () => void host.frame().then(setFrame, () => undefined);
  readFrame();
  // The icon may have appeared in the meantime.
  onVisible(readFrame);
  /** Moves the focus to the page, because the focused button disappears. */
  const dismiss = () => {
    setDismissed(true);
    document.querySelector<HTMLElement>('[role=tabpanel]:not([hidden])')?.focus();
  };
  return (
    <Show when={frame() === 'window' && !isDismissed()}>
      <section class="banner banner--no-tray" aria-labelledby="no-tray-title" data-testid="no-tray">
        <div>
          <p class="banner__title" id="no-tray-title">
            {text.app.noTray.title}
          </p>
          <p>{text.app.noTray.hint}</p>
        </div>
        <button type="button" class="button button--icon" aria-label={text.app.noTray.dismiss} title={text.app.noTray.dismiss} data-testid="dismiss-no-tray" onClick={dismiss}>
          <Cross />
        </button>
      </section>
    </Show>
  );
}
