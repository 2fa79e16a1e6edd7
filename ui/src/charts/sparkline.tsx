// A small row of minutes: how something went lately. One minute takes part in the tab order, keys move it;
// which one is pointed at is told to the section, which says it in its own line.
import { createSignal, Index, type JSX } from 'solid-js';
import { ledTo } from './roving';
import { heightOf } from './scale';

/** What is there must be seen. */
const LEAST = 0.04;

interface SparklineProps {
  /** What a screen reader calls the whole. */
  label: string;
  /** The earliest first. */
  values: readonly number[];
  /** What one is called; a figure with its label. */
  name: (index: number) => string;
  pointed: number | null;
  point: (index: number | null) => void;
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
    const to = ledTo(event.key, last - tabStop(), { count: count(), line: 1, page: 10 });
    if (to === null) return;
    event.preventDefault();
    go(last - to);
  };
  const onPointerMove = (event: PointerEvent) => {
    const box = field.getBoundingClientRect();
    const index = Math.floor(((event.clientX - box.left) / box.width) * count());
    props.point(Math.min(count() - 1, Math.max(0, index)));
  };
  const onFocusIn = (event: FocusEvent) => {
    const index = Number((event.target as Element).getAttribute('data-index'));
    setStop(index);
    props.point(index);
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
      onFocusOut={() => props.point(null)}
      onPointerMove={onPointerMove}
      onPointerLeave={() => props.point(null)}
    >
      <Index each={props.values}>
        {(value, index) => {
          const height = () => heightOf(value(), top(), LEAST) * 100;
          return (
            <g
              class="minute"
              classList={{ pointed: props.pointed === index }}
              role="option"
              aria-selected={props.pointed === index}
              aria-label={props.name(index)}
              tabindex={index === tabStop() ? 0 : -1}
              data-index={index}
              data-figure
            >
              <rect class="column-ground" x={index * 4} width="4" height="100" />
              <rect class="minute-floor" x={index * 4 + 0.5} y="97" width="3" height="3" />
              <rect class="minute-bar" x={index * 4 + 0.5} y={100 - height()} width="3" height={height()} />
            </g>
          );
        }}
      </Index>
    </svg>
  );
}
