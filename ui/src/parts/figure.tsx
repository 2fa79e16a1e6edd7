// The leading figure. Its width is fixed by tabular digits, and of a change only the digits that differ fade in;
// it refuses to move at all for those who asked for less motion.
import { createComputed, createSignal, on, type JSX } from 'solid-js';
import { exact } from '../format';

/** Long enough to be seen, short enough to be over before the next update. */
const FADE = 180;

/** Splits a figure into what stayed and what changed. */
export function changed(before: string, after: string): [kept: string, fresh: string] {
  if (before.length !== after.length) return ['', after];
  let same = 0;
  while (same < after.length && before[same] === after[same]) same += 1;
  return [after.slice(0, same), after.slice(same)];
}

export function Figure(props: { value: number }): JSX.Element {
  const written = () => exact(props.value);
  const [parts, setParts] = createSignal<[string, string]>([written(), '']);
  let fresh: HTMLSpanElement | undefined;
  createComputed(
    on(written, (after, before) => {
      if (before === undefined || before === after) return;
      const next = changed(before, after);
      setParts(next);
      // A figure that is new as a whole is simply there: fading all of it would be the flicker it is meant to avoid.
      if (fresh && next[0] !== '') fade(fresh);
    }),
  );
  return (
    <strong class="figure" data-testid="today-total" data-value={props.value}>
      <span>{parts()[0]}</span>
      <span ref={(element) => (fresh = element)}>{parts()[1]}</span>
    </strong>
  );
}

function fade(element: Element): void {
  if (typeof element.animate !== 'function') return;
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  element.animate([{ opacity: 0.55 }, { opacity: 1 }], { duration: FADE, easing: 'ease-out' });
}
