// A heatmap with a square per day and a column per week, in one row. The color of a square shows the amount; every day has
// a name with its figures. Roving tabindex: one day takes part in the tab order, keys move it by a day or a week.
import { createMemo, createSignal, For, Index, type JSX } from 'solid-js';
import { createElementWidth } from '../lib/element-width';
import { type HeatmapLayout, layoutHeatmap } from './heatmap-layout';
import { nextIndex } from './roving-index';
import type { HeatStep } from './scale';
import './charts.css';

const DAYS_PER_WEEK = 7;

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
  pointed: number | null;
  onPoint: (index: number | null) => void;
}

export function Heatmap(props: HeatmapProps): JSX.Element {
  const [stop, setStop] = createSignal(0);
  const elements: SVGGElement[] = [];
  let room!: HTMLDivElement;
  let field!: SVGSVGElement;
  const width = createElementWidth(() => room);
  const layout = createMemo(() => layoutHeatmap(width(), props.weeks));
  const tabStop = () => Math.min(stop(), props.cells.length - 1);
  /** The index of a day by week and weekday, to find the day under the pointer. */
  const places = createMemo(() => new Map(props.cells.map((cell, index) => [cell.week * DAYS_PER_WEEK + cell.day, index])));
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
    const [week, day] = [event.clientX - box.left, event.clientY - box.top].map((distance) => Math.floor(distance / layout().side));
    props.onPoint(places().get((week ?? 0) * DAYS_PER_WEEK + (day ?? 0)) ?? null);
  };
  return (
    <div class="heatmap" dir="ltr" data-testid="heatmap">
      <div class="heatmap__area" ref={(element) => (room = element)}>
        <div class="heatmap__months" aria-hidden="true">
          <For each={spacedMonths(props.months, layout())}>{(month) => <span style={{ left: `${month.week * layout().side}px` }}>{month.name}</span>}</For>
        </div>
        <svg
          ref={(element) => (field = element)}
          class="heatmap__field"
          role="listbox"
          aria-label={props.label}
          width={layout().width}
          height={layout().height}
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
                <Cell cell={cell()} layout={layout()} />
              </g>
            )}
          </Index>
        </svg>
      </div>
    </div>
  );
}

/** The minimum distance between two month labels, in pixels. */
const MIN_MONTH_DISTANCE = 24;

/** Returns the months whose labels do not overlap and are not cut off. */
export function spacedMonths<M extends { week: number }>(months: readonly M[], { side, width }: HeatmapLayout): M[] {
  let free = 0;
  return [...months]
    .sort((a, b) => a.week - b.week)
    .filter(({ week }) => {
      const left = week * side;
      if (left < free || left + MIN_MONTH_DISTANCE > width) return false;
      free = left + MIN_MONTH_DISTANCE;
      return true;
    });
}

function Cell(props: { cell: HeatmapCell; layout: HeatmapLayout }): JSX.Element {
  const x = () => props.cell.week * props.layout.side;
  const y = () => props.cell.day * props.layout.side;
  return (
    <>
      <rect class={`heatmap__square--${props.cell.step}`} x={x()} y={y()} width={props.layout.square} height={props.layout.square} rx={props.layout.square > 7 ? 2 : 1} />
      <rect class="chart-point__target chart-point__target--over" x={x() - 0.5} y={y() - 0.5} width={props.layout.square + 1} height={props.layout.square + 1} />
    </>
  );
}
