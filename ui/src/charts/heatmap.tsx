// A heatmap with a square per day and a column per week. The size of a square shows the amount, so that it is readable
// without color. A year that is too wide for one row is split into two rows, the earlier half on top. Roving tabindex:
// one day takes part in the tab order, keys move it by a day or a week.
import { createMemo, createSignal, For, Index, type JSX, onCleanup, onMount } from 'solid-js';
import { type HeatmapLayout, layoutHeatmap, MONTH_LABEL_HEIGHT, rowTop } from './heatmap-layout';
import { nextIndex } from './roving-index';
import type { HeatStep } from './scale';
import './charts.css';

const DAYS_PER_WEEK = 7;

/** The side of the square at each step, as a share of the cell. */
const SQUARE_SIDES: Record<HeatStep, number> = { 0: 0.18, 1: 0.42, 2: 0.58, 3: 0.74, 4: 0.9 };

/** A day. Week 0 is the earliest. */
export interface HeatmapCell {
  week: number;
  /** The day of the week from 0, which is the first day of the week. */
  day: number;
  step: HeatStep;
  label: string;
}

interface HeatmapProps {
  label: string;
  /** The days, latest first. */
  cells: readonly HeatmapCell[];
  weeks: number;
  /** The weeks in which a month begins. */
  months: readonly { week: number; name: string }[];
  /** The weekday labels, first day of the week first; an empty string is not drawn. */
  weekdays: readonly string[];
  pointed: number | null;
  onPoint: (index: number | null) => void;
}

export function Heatmap(props: HeatmapProps): JSX.Element {
  const [width, setWidth] = createSignal(0);
  const [stop, setStop] = createSignal(0);
  const elements: SVGGElement[] = [];
  let room!: HTMLDivElement;
  let field!: SVGSVGElement;
  const bands = createMemo(() => layoutHeatmap(width(), props.weeks));
  const side = () => bands().side;
  const tabStop = () => Math.min(stop(), props.cells.length - 1);
  /** The index of a day by week and weekday, to find the day under the pointer. */
  const places = createMemo(() => new Map(props.cells.map((cell, index) => [cell.week * DAYS_PER_WEEK + cell.day, index])));
  onMount(() => {
    const observer = new ResizeObserver(() => setWidth(room.clientWidth));
    observer.observe(room);
    onCleanup(() => observer.disconnect());
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const to = nextIndex(event.key, tabStop(), { count: props.cells.length, step: DAYS_PER_WEEK, pageSize: 4 * DAYS_PER_WEEK });
    if (to === null) return;
    event.preventDefault();
    setStop(to);
    elements[to]?.focus({ preventScroll: true });
  };
  const onFocusIn = (event: FocusEvent) => {
    const index = Number((event.target as Element).getAttribute('data-index'));
    setStop(index);
    props.onPoint(index);
  };
  const onPointerMove = (event: PointerEvent) => {
    const box = field.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const band = bands().rowTops.findLastIndex((top) => y >= top);
    const [week, day] = [band * bands().weeksPerRow + Math.floor(x / side()), Math.floor((y - rowTop(bands(), band)) / side())];
    props.onPoint(day < DAYS_PER_WEEK && x < bands().weeksPerRow * side() ? (places().get(week * DAYS_PER_WEEK + day) ?? null) : null);
  };
  return (
    <div class="heatmap" dir="ltr" data-testid="heatmap">
      <div class="heatmap__weekdays" aria-hidden="true">
        <For each={bands().rowTops}>{(top) => <For each={props.weekdays}>{(name, at) => <span style={{ top: `${top + (at() + 0.5) * side()}px` }}>{name}</span>}</For>}</For>
      </div>
      <div class="heatmap__area" ref={(element) => (room = element)}>
        <div class="heatmap__months" aria-hidden="true">
          <For each={spacedMonths(props.months, bands())}>
            {(month) => (
              <span style={{ left: `${(month.week % bands().weeksPerRow) * side()}px`, top: `${rowTop(bands(), month.band) - MONTH_LABEL_HEIGHT}px` }}>{month.name}</span>
            )}
          </For>
        </div>
        <svg
          ref={(element) => (field = element)}
          class="heatmap__field"
          role="listbox"
          aria-label={props.label}
          width={bands().weeksPerRow * side()}
          height={bands().height}
          onKeyDown={onKeyDown}
          onFocusIn={onFocusIn}
          onFocusOut={() => props.onPoint(null)}
          onPointerMove={onPointerMove}
          onPointerLeave={() => props.onPoint(null)}
        >
          <Index each={props.cells}>
            {(cell, index) => (
              <g
                ref={(element) => (elements[index] = element)}
                class="chart-point heatmap__day"
                classList={{ 'is-pointed': props.pointed === index }}
                role="option"
                aria-selected={props.pointed === index}
                aria-label={cell().label}
                tabindex={index === tabStop() ? 0 : -1}
                data-index={index}
                data-figure
              >
                <rect class="chart-point__target" {...cellOrigin(cell(), bands())} width={side()} height={side()} />
                <Square cell={cell()} bands={bands()} />
              </g>
            )}
          </Index>
        </svg>
      </div>
    </div>
  );
}

/** Returns the top left corner of a day's cell. */
function cellOrigin(cell: HeatmapCell, bands: HeatmapLayout): { x: number; y: number } {
  const band = Math.floor(cell.week / bands.weeksPerRow);
  return { x: (cell.week % bands.weeksPerRow) * bands.side, y: rowTop(bands, band) + cell.day * bands.side };
}

/** The minimum distance between two month labels, in pixels. */
const MIN_MONTH_DISTANCE = 34;

/** Returns the months whose labels do not overlap, each with the row it belongs to. */
export function spacedMonths<M extends { week: number }>(months: readonly M[], { weeksPerRow, side }: HeatmapLayout): (M & { band: number })[] {
  let free = { band: -1, left: 0 };
  return [...months]
    .sort((a, b) => a.week - b.week)
    .map((month) => ({ ...month, band: Math.floor(month.week / weeksPerRow) }))
    .filter(({ band, week }) => {
      const left = (week % weeksPerRow) * side;
      if (band === free.band && left < free.left) return false;
      if (left + MIN_MONTH_DISTANCE > weeksPerRow * side) return false;
      free = { band, left: left + MIN_MONTH_DISTANCE };
      return true;
    });
}

/** Draws the square in whole pixels, so that its edges stay sharp. */
function Square(props: { cell: HeatmapCell; bands: HeatmapLayout }): JSX.Element {
  const place = () => cellOrigin(props.cell, props.bands);
  const edge = () => Math.max(1, Math.round(props.bands.side * SQUARE_SIDES[props.cell.step]));
  const inset = () => Math.floor((props.bands.side - edge()) / 2);
  return <rect class={`heatmap__square--${props.cell.step}`} x={place().x + inset()} y={place().y + inset()} width={edge()} height={edge()} />;
}
