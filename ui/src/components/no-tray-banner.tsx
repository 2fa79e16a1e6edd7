// A banner for desktops without tray icons, where the app runs as a window: the reason and the fix. It can be dismissed
// until the popover is opened again.
import { createSignal, type JSX, Show } from 'solid-js';
import type { Frame } from '../host/host';
import { useHost } from '../lib/contexts';
import { onVisible } from '../lib/visibility';
import { text } from '../strings';
import { Banner } from './banner';

export function NoTrayBanner(): JSX.Element {
  const host = useHost();
  const [frame, setFrame] = createSignal<Frame>('popover');
  const [isDismissed, setDismissed] = createSignal(false);
  const readFrame = () => void host.frame().then(setFrame, () => undefined);
  readFrame();
  // The icon may have appeared in the meantime.
  onVisible(readFrame);
  return (
    <Show when={frame() === 'window' && !isDismissed()}>
      <Banner
        testid="no-tray"
        title={text.app.noTray.title}
        hint={text.app.noTray.hint}
        dismissLabel={text.app.noTray.dismiss}
        dismissTestid="dismiss-no-tray"
        onDismiss={() => setDismissed(true)}
      />
    </Show>
  );
}
