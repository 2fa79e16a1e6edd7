// The visibility of the page. A popover that is kept in memory is hidden, not closed.
import { type Accessor, createSignal, onCleanup } from 'solid-js';

export function listenOnDocument<K extends keyof DocumentEventMap>(name: K, listener: (event: DocumentEventMap[K]) => void): void {
  document.addEventListener(name, listener);
  onCleanup(() => document.removeEventListener(name, listener));
}

/** Calls `run` whenever the page becomes visible again. */
export function onVisible(run: () => void): void {
  listenOnDocument('visibilitychange', () => document.hidden || run());
}

export function createIsVisible(): Accessor<boolean> {
  const [visible, set] = createSignal(!document.hidden);
  listenOnDocument('visibilitychange', () => set(!document.hidden));
  return visible;
}
