// Media queries as signals.
import { type Accessor, createSignal, onCleanup } from 'solid-js';

/** The width from which pages have several columns. Equals the width in the style sheets. */
const WIDE = '(min-width: 900px)';

/** The width from which pages use the whole height as well. Equals the width in the style sheets. */
const LARGE = '(min-width: 1200px)';

/** A large window with room for a high chart. */
const TALL = '(min-width: 1200px) and (min-height: 840px)';

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

/** Returns a signal that is true in a large window, such as that of a browser. */
export const createIsLarge = (): Accessor<boolean> => createMediaQuery(LARGE);

/** Returns the height of a page's main chart, by the size of the window. */
export function createChartHeight(heights: { narrow: number; large: number; tall: number }): Accessor<number> {
  const [isLarge, isTall] = [createIsLarge(), createMediaQuery(TALL)];
  return () => (isTall() ? heights.tall : isLarge() ? heights.large : heights.narrow);
}
