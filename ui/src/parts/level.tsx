// How hot the burn rate is: a ring that grows ticks, and a word. Colour repeats what both already say.
import { For, type JSX } from 'solid-js';
import type { BurnLevel } from '../bindings/BurnLevel';
import { text } from '../text';

const ticks: Record<BurnLevel, string[]> = {
  normal: [],
  moderate: ['M8 0.8 V3.4'],
  high: ['M5.7 0.9 V3.8', 'M10.3 0.9 V3.8'],
};

/** `rate` tells rest from a slow burn: at rest there is no level to speak of. */
export function Level(props: { level: BurnLevel; rate: number }): JSX.Element {
  const resting = () => props.rate === 0;
  const level = () => (resting() ? 'rest' : props.level);
  return (
    <span class={`level level-${level()}`}>
      <svg class="level-shape" viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="9.4" r="4.4" />
        <For each={resting() ? [] : ticks[props.level]}>{(line) => <path d={line} />}</For>
      </svg>
      {resting() ? text.atRest : text.level[props.level]}
    </span>
  );
}
