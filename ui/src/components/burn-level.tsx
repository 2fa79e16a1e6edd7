// The level of the burn rate: three bars, and a word. Color only repeats them.
import { For, type JSX } from 'solid-js';
import type { BurnLevel } from '../bindings/BurnLevel';
import { text } from '../strings';
import './burn-level.css';

/** The number of filled bars at each level. */
const filledBars: Record<BurnLevel, number> = { normal: 1, moderate: 2, high: 3 };

/** A rate of 0 is shown as "at rest" instead of a level. */
export function BurnLevelBadge(props: { level: BurnLevel; rate: number }): JSX.Element {
  const isResting = () => props.rate === 0;
  const filled = () => (isResting() ? 0 : filledBars[props.level]);
  return (
    <span class={`burn-level burn-level--${isResting() ? 'rest' : props.level}`}>
      <svg class="burn-level__shape" viewBox="0 0 10 10" aria-hidden="true">
        <For each={[0, 1, 2]}>
          {(bar) => <rect classList={{ 'burn-level__off': bar >= filled() }} x={bar * 3.6} y={6.4 - bar * 3} width="2.6" height={3.6 + bar * 3} rx="0.9" />}
        </For>
      </svg>
      {isResting() ? text.now.atRest : text.burnLevel[props.level]}
    </span>
  );
}
