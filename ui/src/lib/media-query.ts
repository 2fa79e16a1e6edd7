// Media queries, and what depends on the size of the window, as signals.
import { type Accessor, createSignal, onCleanup } from 'solid-js';

/** The width from which pages have several columns. Equals the width in the style sheets. */
const WIDE = '(min-width: 900px)';

/** The width from which pages use the whole height as well. Equals the width in the style sheets. */
const LARGE = '(min-width: 1200px)';

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

/** The heights of a page's main chart in pixels. */
export interface ChartHeights {
  narrow: number;
  /** The height of the rest of the page, above and below the chart. */
  rest: number;
  /** The least and the greatest height in a large window. */
  large: [min: number, max: number];
}

/** Returns the height of a page's main chart: in a large window it fills the height, within limits. */
export function createChartHeight({ narrow, rest, large: [min, max] }: ChartHeights): Accessor<number> {
  const isLarge = createIsLarge();
  const [windowHeight, setWindowHeight] = createSignal(innerHeight);
  const update = () => setWindowHeight(innerHeight);
  addEventListener('resize', update);
  onCleanup(() => removeEventListener('resize', update));
  return () => (isLarge() ? Math.min(max, Math.max(min, windowHeight() - rest)) : narrow);
}
