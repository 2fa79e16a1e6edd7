// The width of an element, for charts whose texts keep their size.
import { createSignal, onCleanup, onMount } from 'solid-js';

/** Returns a signal of the element's width in pixels: 0 until it is in the document. */
export function createElementWidth(element: () => Element): () => number {
  const [width, setWidth] = createSignal(0);
  onMount(() => {
    setWidth(element().clientWidth);
    const observer = new ResizeObserver(() => setWidth(element().clientWidth));
    observer.observe(element());
    onCleanup(() => observer.disconnect());
  });
  return width;
}
