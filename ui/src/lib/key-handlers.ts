// A stack of handlers for keys that no control handled. The handler added last is asked first; the first one that
// handles the key ends the dispatch.
import { createContext, onCleanup, useContext } from 'solid-js';

/** Handles a key; returns true if it did. */
export type KeyHandler = (event: KeyboardEvent) => boolean;

export const KeyHandlersContext = createContext<KeyHandler[]>([]);

/** Adds a key handler for the lifetime of the owner. */
export function useKeyHandler(handler: KeyHandler): void {
  const handlers = useContext(KeyHandlersContext);
  handlers.push(handler);
  onCleanup(() => handlers.splice(handlers.indexOf(handler), 1));
}

/** Dispatches a key to the handlers, latest first; returns true if one handled it. */
export function dispatchKey(handlers: readonly KeyHandler[], event: KeyboardEvent): boolean {
  return handlers.toReversed().some((handler) => handler(event));
}

/** Returns true if the element is a text field. */
export function isTextField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}

/** Returns true if the key belongs to an input method composition and must be ignored. */
export function isComposing(event: KeyboardEvent): boolean {
  // WebKit ends a composition before it dispatches its last key; that key has key code 229.
  return event.isComposing || event.keyCode === 229;
}

/** Returns true if no Ctrl, Meta or Alt key is pressed. */
export function hasNoModifier(event: KeyboardEvent): boolean {
  return !event.ctrlKey && !event.metaKey && !event.altKey;
}
