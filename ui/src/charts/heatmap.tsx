// Weeks beside one another, a square a day: the larger the square, the more there was. Size rather than shade alone,
// so that it reads without colour. One day takes part in the tab order; keys move it by a day or a week.
import { createMemo, createSignal, For, Index, onCleanup, onMount, type JSX } from 'solid-js';
import { ledTo } from './roving';
import type { Heat } from './scale';

/** Squares smaller than this are dots; larger than this they shout. */
const [LEAST, MOST] = [5, 13];

const DAYS = 7;

/** The share of its place that a step's square fills. */
const SIDES: Record<Heat, number> = { 0: 0.18, 1: 0.42, 2: 0.58, 3: 0.74, 4: 0.9 };

/** One day, by its place: the first week is the earliest. */
export interface Cell {
  week: number;
  /** From nought, the day weeks begin with. */
  day: number;
  step: Heat;
  name: string;
}

interface HeatmapProps {
  label: string;
  /** The latest first. */
  cells: readonly Cell[];
  weeks: number;
  /** The month that begins in a week. */
  months: readonly { week: number; name: string }[];
  /** The days' names, the one a week begins with first. */
  days: readonly string[];
  pointed: number | null;
  point: (index: number | null) => void;
}

export function Heatmap(props: HeatmapProps): JSX.Element {
  const [width, setWidth] = createSignal(0);
  const [stop, setStop] = createSignal(0);
  const elements: SVGGElement[] = [];
  let room!: HTMLDivElement;
  let field!: SVGSVGElement;
  const side = () => Math.min(MOST, Math.max(LEAST, Math.floor(width() / Math.max(1, props.weeks))));
  const tabStop = () => Math.min(stop(), props.cells.length - 1);
  /** By week and day: what the pointer is over. */
  const places = createMemo(() => new Map(props.cells.map((cell, index) => [cell.week * DAYS + cell.day, index])));
  onMount(() => {
    const observer = new ResizeObserver(() => setWidth(room.clientWidth));
    observer.observe(room);
    onCleanup(() => observer.disconnect());
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const to = ledTo(event.key, tabStop(), { count: props.cells.length, line: DAYS, page: 4 * DAYS });
    if (to === null) return;
    event.preventDefault();
    setStop(to);
    elements[to]?.focus({ preventScroll: true });
  };
  const onFocusIn = (event: FocusEvent) => {
    const index = Number((event.target as Element).getAttribute('data-index'));
    setStop(index);
    props.point(index);
  };
  const onPointerMove = (event: PointerEvent) => {
    const box = field.getBoundingClientRect();
    const [week, day] = [event.clientX - box.left, event.clientY - box.top].map((along) => Math.floor(along / side())) as [number, number];
    props.point(places().get(week * DAYS + day) ?? null);
  };
  return (
    <div class="heatmap" dir="ltr" data-testid="heatmap">
      <div class="heatmap-days" aria-hidden="true">
        <For each={props.days}>{(name, at) => <span style={{ height: `${side()}px` }}>{at() % 3 === 0 ? name : ''}</span>}</For>
      </div>
      <div class="heatmap-room" ref={(element) => (room = element)}>
        <div class="heatmap-months" aria-hidden="true">
          <For each={apart(props.months, side())}>{(month) => <span style={{ left: `${month.week * side()}px` }}>{month.name}</span>}</For>
        </div>
        <svg
          ref={(element) => (field = element)}
          class="heatmap-field"
          role="listbox"
          aria-label={props.label}
          width={props.weeks * side()}
          height={DAYS * side()}
          onKeyDown={onKeyDown}
          onFocusIn={onFocusIn}
          onFocusOut={() => props.point(null)}
          onPointerMove={onPointerMove}
          onPointerLeave={() => props.point(null)}
        >
          <Index each={props.cells}>
            {(cell, index) => (
              <g
                ref={(element) => (elements[index] = element)}
                class="cell"
                classList={{ pointed: props.pointed === index }}
                role="option"
                aria-selected={props.pointed === index}
                aria-label={cell().name}
                tabindex={index === tabStop() ? 0 : -1}
                data-index={index}
                data-figure
              >
                <rect class="cell-ground" x={cell().week * side()} y={cell().day * side()} width={side()} height={side()} />
                <Square cell={cell()} side={side()} />
              </g>
            )}
          </Index>
        </svg>
      </div>
    </div>
  );
}

/** A month's name needs this much room. */
const APART = 34;

/** The months whose names do not lie on one another. */
export function apart<M extends { week: number }>(months: readonly M[], side: number): M[] {
  let free = 0;
  return [...months]
    .sort((a, b) => a.week - b.week)
    .filter((month) => {
      if (month.week * side < free) return false;
      free = month.week * side + APART;
      return true;
    });
}

/** In whole pixels, so that squares stay sharp. */
function Square(props: { cell: Cell; side: number }): JSX.Element {
  const edge = () => Math.max(1, Math.round(props.side * SIDES[props.cell.step]));
  const inset = () => Math.floor((props.side - edge()) / 2);
  return (
    <rect
      class={`cell-${props.cell.step}`}
      x={props.cell.week * props.side + inset()}
      y={props.cell.day * props.side + inset()}
      width={edge()}
      height={edge()}
    />
  );
}
