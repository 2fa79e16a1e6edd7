// Weeks beside one another, a square a day: the larger the square, the more there was. Size rather than shade alone,
// so that it reads without colour. Where a year in one row would be dust it stands in two, the earlier half above.
// One day takes part in the tab order; keys move it by a day or a week.
import { createMemo, createSignal, For, Index, onCleanup, onMount, type JSX } from 'solid-js';
import { banded, bandTop, MONTHS, type Bands } from './bands';
import { ledTo } from './roving';
import type { Heat } from './scale';

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
  /** The days' names, the one a week begins with first; an empty one is not written. */
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
  const bands = createMemo(() => banded(width(), props.weeks));
  const side = () => bands().side;
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
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const band = bands().tops.findLastIndex((top) => y >= top);
    const [week, day] = [band * bands().weeks + Math.floor(x / side()), Math.floor((y - bandTop(bands(), band)) / side())];
    props.point(day < DAYS && x < bands().weeks * side() ? (places().get(week * DAYS + day) ?? null) : null);
  };
  return (
    <div class="heatmap" dir="ltr" data-testid="heatmap">
      <div class="heatmap-days" aria-hidden="true">
        <For each={bands().tops}>{(top) => <For each={props.days}>{(name, at) => <span style={{ top: `${top + (at() + 0.5) * side()}px` }}>{name}</span>}</For>}</For>
      </div>
      <div class="heatmap-room" ref={(element) => (room = element)}>
        <div class="heatmap-months" aria-hidden="true">
          <For each={apart(props.months, bands())}>
            {(month) => (
              <span style={{ left: `${(month.week % bands().weeks) * side()}px`, top: `${bandTop(bands(), month.band) - MONTHS}px` }}>{month.name}</span>
            )}
          </For>
        </div>
        <svg
          ref={(element) => (field = element)}
          class="heatmap-field"
          role="listbox"
          aria-label={props.label}
          width={bands().weeks * side()}
          height={bands().height}
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
                <rect class="cell-ground" {...corner(cell(), bands())} width={side()} height={side()} />
                <Square cell={cell()} bands={bands()} />
              </g>
            )}
          </Index>
        </svg>
      </div>
    </div>
  );
}

/** Where a day's place begins. */
function corner(cell: Cell, bands: Bands): { x: number; y: number } {
  const band = Math.floor(cell.week / bands.weeks);
  return { x: (cell.week % bands.weeks) * bands.side, y: bandTop(bands, band) + cell.day * bands.side };
}

/** A month's name needs this much room. */
const APART = 34;

/** The months whose names do not lie on one another, each with the band it stands over. */
export function apart<M extends { week: number }>(months: readonly M[], { weeks, side }: Bands): (M & { band: number })[] {
  let free = { band: -1, left: 0 };
  return [...months]
    .sort((a, b) => a.week - b.week)
    .map((month) => ({ ...month, band: Math.floor(month.week / weeks) }))
    .filter(({ band, week }) => {
      const left = (week % weeks) * side;
      if (band === free.band && left < free.left) return false;
      if (left + APART > weeks * side) return false;
      free = { band, left: left + APART };
      return true;
    });
}

/** In whole pixels, so that squares stay sharp. */
function Square(props: { cell: Cell; bands: Bands }): JSX.Element {
  const place = () => corner(props.cell, props.bands);
  const edge = () => Math.max(1, Math.round(props.bands.side * SIDES[props.cell.step]));
  const inset = () => Math.floor((props.bands.side - edge()) / 2);
  return <rect class={`cell-${props.cell.step}`} x={place().x + inset()} y={place().y + inset()} width={edge()} height={edge()} />;
}
