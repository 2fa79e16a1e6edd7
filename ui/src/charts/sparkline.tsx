// A sparkline with a bar per minute. Roving tabindex: one minute takes part in the tab order, keys move it. The pointed
// or focused minute is reported to the caller, which shows it in a line of its own.
import { createSignal, Index, type JSX } from 'solid-js';
import { nextIndex } from './roving-index';
import { heightRatio } from './scale';
import './charts.css';

/** The minimum height of a bar, as a share of the chart. */
const MIN_HEIGHT = 0.04;

interface SparklineProps {
  /** The accessible name of the chart. */
  label: string;
  /** The values, earliest first. */
  values: readonly number[];
  /** Returns the accessible name of a minute: a figure with its provenance label. */
  labelOf: (index: number) => string;
  pointed: number | null;
  onPoint: (index: number | null) => void;
}

export function Sparkline(props: SparklineProps): JSX.Element {
  const [stop, setStop] = createSignal<number | null>(null);
  let field!: SVGSVGElement;
  const count = () => props.values.length;
  const top = () => Math.max(0, ...props.values);
  const tabStop = () => Math.min(stop() ?? count() - 1, count() - 1);
  const go = (index: number) => {
    setStop(index);
    (field.children[index] as SVGElement | undefined)?.focus({ preventScroll: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const last = count() - 1;
    const to = nextIndex(event.key, last - tabStop(), { count: count(), step: 1, pageSize: 10 });
    if (to === null) return;
    event.preventDefault();
    go(last - to);
  };
  const onPointerMove = (event: PointerEvent) => {
    const box = field.getBoundingClientRect();
    const index = Math.floor(((event.clientX - box.left) / box.width) * count());
    props.onPoint(Math.min(count() - 1, Math.max(0, index)));
  };
  const onFocusIn = (event: FocusEvent) => {
    const index = Number((event.target as Element).getAttribute('data-index'));
    setStop(index);
    props.onPoint(index);
  };
  return (
    <svg
      ref={(element) => (field = element)}
      class="sparkline"
      data-testid="sparkline"
      role="listbox"
      aria-orientation="horizontal"
      aria-label={props.label}
      direction="ltr"
      viewBox={`0 0 ${count() * 4} 100`}
      preserveAspectRatio="none"
      onKeyDown={onKeyDown}
      onFocusIn={onFocusIn}
      onFocusOut={() => props.onPoint(null)}
      onPointerMove={onPointerMove}
      onPointerLeave={() => props.onPoint(null)}
    >
      <Index each={props.values}>
        {(value, index) => {
          const height = () => heightRatio(value(), top(), MIN_HEIGHT) * 100;
          return (
            <g
              class="chart-point sparkline__minute"
              classList={{ 'is-pointed': props.pointed === index }}
              role="option"
              aria-selected={props.pointed === index}
              aria-label={props.labelOf(index)}
              tabindex={index === tabStop() ? 0 : -1}
              data-index={index}
              data-figure
            >
              <rect class="chart-point__target" x={index * 4} width="4" height="100" />
              <rect class="sparkline__floor" x={index * 4 + 0.5} y="97" width="3" height="3" />
              <rect class="sparkline__bar" x={index * 4 + 0.5} y={100 - height()} width="3" height={height()} />
            </g>
          );
        }}
      </Index>
    </svg>
  );
}
