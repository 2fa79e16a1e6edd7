// The ring around the used share of a limit: filled clockwise, open at the bottom, where its level stands as a mark.
// It refuses to say by colour alone: the mark and the words beside it say the same.
import { For, Show, type JSX } from 'solid-js';
import type { Fullness } from '../fullness';

/** Three quarters of a circle of radius 34 around (40, 40), from lower left over the top to lower right. */
const ARC = 'M15.96 64.04 A34 34 0 1 1 64.04 64.04';

/** In the opening: one tick, two ticks, an exclamation mark. */
const marks: Record<Fullness, string[]> = {
  calm: [],
  busy: ['M40 64 V71'],
  high: ['M36.5 64 V71', 'M43.5 64 V71'],
  over: ['M40 60 V67', 'M40 72 V72.1'],
};

interface RingProps {
  /** Null where there is nothing to measure: the track alone, dashed. */
  share: number | null;
  label: string;
  level?: Fullness;
  /** Told too long ago to be taken for the present. */
  old?: boolean;
  /** Whether what stands in it is long. */
  long?: boolean;
  /** Whether the label says a figure. */
  figure?: boolean;
  children?: JSX.Element;
}

export function Ring(props: RingProps): JSX.Element {
  const level = () => props.level ?? 'calm';
  return (
    <div class={`ring ring-${level()}`} classList={{ aged: props.old }} role="img" aria-label={props.label} data-figure={props.figure ? '' : undefined}>
      <svg viewBox="0 0 80 80" aria-hidden="true">
        <path class="ring-track" classList={{ dashed: props.share === null }} d={ARC} />
        <path
          class="ring-fill"
          classList={{ none: !props.share }}
          d={ARC}
          pathLength="100"
          stroke-dasharray={`${(Math.min(1, props.share ?? 0) * 100).toFixed(1)} 200`}
        />
        <Show when={props.share !== null}>
          <For each={marks[level()]}>{(line) => <path class="ring-mark" d={line} />}</For>
        </Show>
      </svg>
      <span class="ring-text" classList={{ long: props.long }} aria-hidden="true">
        {props.children}
      </span>
    </div>
  );
}
