// The state of the popover's window that the page changes: kept open, or replaced by a window of its own.
import { type Accessor, createSignal } from 'solid-js';
import type { Host } from '../host/host';
import type { Routing } from './routing';

export interface WindowActions {
  /** True for a popover; false for an ordinary window and a browser, which stay open anyway. */
  readonly isPopover: Accessor<boolean>;
  readonly isPinned: Accessor<boolean>;
  readonly togglePinned: () => void;
  /** Shows the current page in a window of its own. */
  readonly detach: () => void;
}

/** True while the popover is kept open. It belongs to the window, not to a component. */
const [isPinned, setPinned] = createSignal(false);

export { isPinned };

/** Forgets that the popover is kept open: a popover that was dismissed closes by itself again. */
export function resetPinned(): void {
  setPinned(false);
}

export function createWindowActions(host: Host, routing: Routing): WindowActions {
  const isAppWindow = host.features.has('appWindow');
  const [isPopover, setPopover] = createSignal(isAppWindow && host.start?.frame === 'popover');
  if (isAppWindow && !host.start) {
    host.frame().then(
      (frame) => setPopover(frame === 'popover'),
      () => undefined,
    );
  }
  return {
    isPopover,
    isPinned,
    togglePinned: () => {
      host.setPinned(!isPinned()).then(setPinned, () => undefined);
    },
    detach: () => void host.detach(routing.route()).catch(() => undefined),
  };
}
