// An animated number. Tabular digits keep its width, and only the digits that changed fade in. With reduced motion it
// does not animate.
import { createComputed, createSignal, type JSX, on } from 'solid-js';
import { formatNumber } from '../lib/format';

/** Duration of the fade in milliseconds: visible, and over before the next update. */
const FADE_DURATION = 180;

/** Splits a number into the digits that stayed and the digits that changed. */
export function splitChanged(previous: string, current: string): [unchanged: string, changed: string] {
  if (previous.length !== current.length) return ['', current];
  let same = 0;
  while (same < current.length && previous[same] === current[same]) same += 1;
  return [current.slice(0, same), current.slice(same)];
}

export function AnimatedNumber(props: { value: number }): JSX.Element {
  const formatted = () => formatNumber(props.value);
  const [parts, setParts] = createSignal<[string, string]>([formatted(), '']);
  let changedDigits: HTMLSpanElement | undefined;
  createComputed(
    on(formatted, (current, previous) => {
      if (previous === undefined || previous === current) return;
      const next = splitChanged(previous, current);
      setParts(next);
      // A number that changed completely is not animated: fading all of it would flicker.
      if (changedDigits && next[0] !== '') fadeIn(changedDigits);
    }),
  );
  return (
    <strong class="headline__figure" data-testid="today-total" data-value={props.value}>
      <span>{parts()[0]}</span>
      <span ref={(element) => (changedDigits = element)}>{parts()[1]}</span>
    </strong>
  );
}

function fadeIn(element: Element): void {
  if (typeof element.animate !== 'function') return;
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  element.animate([{ opacity: 0.55 }, { opacity: 1 }], { duration: FADE_DURATION, easing: 'ease-out' });
}
