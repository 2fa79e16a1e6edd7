// A ring for the used share of a limit: filled clockwise, open at the bottom, where a mark shows its level. The level
// is never shown by color alone.
import { For, type JSX, Show } from 'solid-js';
import type { LimitLevel } from '../lib/limit-level';
import './limit-ring.css';

/** Three quarters of a circle of radius 34 around (40, 40), clockwise from the lower left to the lower right. */
const ARC = 'M15.96 64.04 A34 34 0 1 1 64.04 64.04';

/** The marks in the opening: one tick, two ticks, an exclamation mark. */
const marks: Record<LimitLevel, string[]> = {
  calm: [],
  busy: ['M40 64 V71'],
  high: ['M36.5 64 V71', 'M43.5 64 V71'],
  over: ['M40 60 V67', 'M40 72 V72.1'],
};

interface LimitRingProps {
  /** The used share; null draws only a dashed track. */
  share: number | null;
  label: string;
  level?: LimitLevel;
  /** True if the figure is too old to be current. */
  isStale?: boolean;
  /** True if the text inside is long and needs a smaller font. */
  isLong?: boolean;
  /** True if the label contains a figure. */
  isFigure?: boolean;
  children?: JSX.Element;
}

export function LimitRing(props: LimitRingProps): JSX.Element {
  const level = () => props.level ?? 'calm';
  return (
    <div class={`limit-ring limit-ring--${level()}`} classList={{ 'is-stale': props.isStale }} role="img" aria-label={props.label} data-figure={props.isFigure ? '' : undefined}>
      <svg viewBox="0 0 80 80" aria-hidden="true">
        <path class="limit-ring__track" classList={{ 'limit-ring__track--empty': props.share === null }} d={ARC} />
        <path
          class="limit-ring__fill"
          classList={{ 'limit-ring__fill--empty': !props.share }}
          d={ARC}
          pathLength="100"
          stroke-dasharray={`${(Math.min(1, props.share ?? 0) * 100).toFixed(1)} 200`}
        />
        <Show when={props.share !== null}>
          <For each={marks[level()]}>{(line) => <path class="limit-ring__mark" d={line} />}</For>
        </Show>
      </svg>
      <span class="limit-ring__text" classList={{ 'limit-ring__text--long': props.isLong }} aria-hidden="true">
        {props.children}
      </span>
    </div>
  );
}
