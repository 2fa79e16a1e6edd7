// Whether anybody can see the page: a popover kept warm is there, and looked at by nobody.
// Events of the document are heard for as long as their owner lives; it refuses to know who asks for what.
import { createSignal, onCleanup, type Accessor } from 'solid-js';

export function listenOnDocument<K extends keyof DocumentEventMap>(name: K, hear: (event: DocumentEventMap[K]) => void): void {
  document.addEventListener(name, hear);
  onCleanup(() => document.removeEventListener(name, hear));
}

/** Runs whenever the page comes into sight again. */
export function onSeenAgain(run: () => void): void {
  listenOnDocument('visibilitychange', () => document.hidden || run());
}

export function createVisible(): Accessor<boolean> {
  const [visible, set] = createSignal(!document.hidden);
  listenOnDocument('visibilitychange', () => set(!document.hidden));
  return visible;
}
