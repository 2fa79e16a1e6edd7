// The level of the burn rate: a ring with ticks, and a word. Color only repeats them.
import { For, type JSX } from 'solid-js';
import type { BurnLevel } from '../bindings/BurnLevel';
import { text } from '../strings';
import './burn-level.css';

const ticks: Record<BurnLevel, string[]> = {
  normal: [],
  moderate: ['M8 0.8 V3.4'],
  high: ['M5.7 0.9 V3.8', 'M10.3 0.9 V3.8'],
};

/** A rate of 0 is shown as "at rest" instead of a level. */
export function BurnLevelBadge(props: { level: BurnLevel; rate: number }): JSX.Element {
  const resting = () => props.rate === 0;
  const level = () => (resting() ? 'rest' : props.level);
  return (
    <span class={`burn-level burn-level--${level()}`}>
      <svg class="burn-level__shape" viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="9.4" r="4.4" />
        <For each={resting() ? [] : ticks[props.level]}>{(line) => <path d={line} />}</For>
      </svg>
      {resting() ? text.now.atRest : text.burnLevel[props.level]}
    </span>
  );
}
