// Who hears a key that no control took: what was opened last hears first, and one that acts on it ends its way.
// It refuses to know what the keys mean; only the frame does something when nobody did.
import { createContext, onCleanup, useContext } from 'solid-js';

/** Answers whether the key was for it. */
export type Hearer = (event: KeyboardEvent) => boolean;

export const Keys = createContext<Hearer[]>([]);

/** Hears keys for as long as the owner lives. */
export function hearKeys(hearer: Hearer): void {
  const hearers = useContext(Keys);
  hearers.push(hearer);
  onCleanup(() => hearers.splice(hearers.indexOf(hearer), 1));
}

/** Offers a key to all in turn; whether one acted on it. */
export function offer(hearers: readonly Hearer[], event: KeyboardEvent): boolean {
  return hearers.toReversed().some((hearer) => hearer(event));
}

/** Whether a letter would be written where the keyboard is. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}

/** Whether the key is one of several that make a letter: it is for whoever puts letters together, and for nobody here. */
export function isComposed(event: KeyboardEvent): boolean {
  // WebKit ends a composition before it tells of the key that did; that key has this number.
  return event.isComposing || event.keyCode === 229;
}

/** Whether the key is meant by itself. */
export function isPlain(event: KeyboardEvent): boolean {
  return !event.ctrlKey && !event.metaKey && !event.altKey;
}
