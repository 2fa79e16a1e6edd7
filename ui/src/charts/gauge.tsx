// The bar of a limit: the used share, the range expected at the reset, and a tick at the share an even pace would have
// used by now.
import { createUniqueId, type JSX, Show } from 'solid-js';
import type { ProjectedRange } from '../bindings/ProjectedRange';
import './gauge.css';

const HEIGHT = 8;

interface GaugeProps {
  /** The used share in percent. */
  used: number;
  /** The share expected at the reset, in percent. */
  expected: ProjectedRange | null;
  /** The share of an even pace in percent; null draws no tick. */
  even?: number | null;
  /** The accessible name; without it the bar is decorative. */
  label?: string | undefined;
}

const position = (percent: number) => `${Math.min(100, Math.max(0, percent)).toFixed(2)}%`;

export function Gauge(props: GaugeProps): JSX.Element {
  const id = createUniqueId();
  return (
    <svg
      class="gauge"
      width="100%"
      height={HEIGHT}
      role={props.label === undefined ? undefined : 'img'}
      aria-label={props.label}
      aria-hidden={props.label === undefined ? 'true' : undefined}
      data-figure={props.label === undefined ? undefined : ''}
      data-used={props.used}
    >
      <clipPath id={id}>
        <rect width="100%" height={HEIGHT} rx={HEIGHT / 2} />
      </clipPath>
      <g clip-path={`url(#${id})`}>
        <rect class="gauge__track" width="100%" height={HEIGHT} />
        <Show when={props.expected}>
          {(range) => (
            <>
              <rect class="gauge__maybe" width={position(range().high)} height={HEIGHT} />
              <rect class="gauge__sure" width={position(range().low)} height={HEIGHT} />
              <End at={range().low} />
              <End at={range().high} />
            </>
          )}
        </Show>
        <Show when={props.expected !== null && props.used < 100}>
          <line class="gauge__gap" x1={position(props.used)} x2={position(props.used)} y1="0" y2={HEIGHT} />
        </Show>
        <rect class="gauge__used" width={position(props.used)} height={HEIGHT} />
      </g>
      <Show when={props.even ?? null}>
        {(even) => (
          <svg x={position(even())} y="-4" width="6" height={HEIGHT + 8} overflow="visible">
            <rect class="gauge__halo" x="-3" width="6" height={HEIGHT + 8} rx="2" />
            <rect class="gauge__tick" x="-1" y="1" width="2" height={HEIGHT + 6} rx="1" />
          </svg>
        )}
      </Show>
    </svg>
  );
}

/** The end of the expected range; a range beyond the bar has none. */
function End(props: { at: number }): JSX.Element {
  return (
    <Show when={props.at < 100}>
      <line class="gauge__end" x1={position(props.at)} x2={position(props.at)} y1="0" y2={HEIGHT} />
    </Show>
  );
}
