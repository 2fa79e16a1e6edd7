// The ring around the block's elapsed share: filled clockwise, open at the bottom.
// It shows time only; it refuses a colour, because elapsed time is not a level.
import type { JSX } from 'solid-js';

/** Three quarters of a circle of radius 34 around (40, 40), from lower left over the top to lower right. */
const ARC = 'M15.96 64.04 A34 34 0 1 1 64.04 64.04';

/** `share` is null where there is nothing to measure: the track alone, dashed. */
export function Ring(props: { share: number | null; label: string; children?: JSX.Element }): JSX.Element {
  return (
    <div class="ring" role="img" aria-label={props.label}>
      <svg viewBox="0 0 80 80" aria-hidden="true">
        <path class="ring-track" classList={{ dashed: props.share === null }} d={ARC} />
        <path
          class="ring-fill"
          classList={{ none: !props.share }}
          d={ARC}
          pathLength="100"
          stroke-dasharray={`${((props.share ?? 0) * 100).toFixed(1)} 200`}
        />
      </svg>
      <span class="ring-text" aria-hidden="true">
        {props.children}
      </span>
    </div>
  );
}
