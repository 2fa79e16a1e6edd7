// Media queries as signals.
import { type Accessor, createSignal, onCleanup } from 'solid-js';

/** The width from which pages have several columns. Equals the width in the style sheets. */
const WIDE = '(min-width: 900px)';

/** Returns a signal that is true while the query matches. */
export function createMediaQuery(query: string): Accessor<boolean> {
  const list = matchMedia(query);
  const [matches, set] = createSignal(list.matches);
  const update = () => set(list.matches);
  list.addEventListener('change', update);
  onCleanup(() => list.removeEventListener('change', update));
  return matches;
}

/** Returns a signal that is true in a wide window. */
export const createIsWide = (): Accessor<boolean> => createMediaQuery(WIDE);
