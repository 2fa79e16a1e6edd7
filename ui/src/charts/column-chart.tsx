// A chart of columns over time, the latest at the right. It scrolls, and draws only the columns in view. Roving
// tabindex: one column takes part in the tab order, keys move it. The pointed or focused column is reported to the
// page, which shows it in a line of its own; there are no tooltips.
import { createMemo, createSignal, For, Index, type JSX, onCleanup, onMount, Show } from 'solid-js';
import type { SeriesStyle } from './legend';
import { nextIndex } from './roving-index';
import { heightRatio, type ReferenceLine, type Scale } from './scale';
import { indexAt, scrollToReveal, sizeOf, startOf, type VirtualAxis, visibleSpan } from './virtual-axis';
import './charts.css';

/** Distance beyond the view in which columns are drawn, in pixels. */
const OVERSCAN = 160;

/** Distance from the earliest column at which `onNearStart` is called, in pixels. */
const LOAD_MORE_DISTANCE = 600;

/** Space above the tallest column for its marker, in pixels. */
const HEADROOM = 10;

/** Space below the columns for date labels, in pixels. */
const LABEL_HEIGHT = 18;

/** The width of a date label in pixels; labels with less room are hidden. */
const LABEL_WIDTH = 56;

/** The stacked segments of one column, from the bottom up. */
export interface Column {
  segments: readonly { value: number; style: SeriesStyle }[];
  /** True for a column with a marker above it. */
  isMarked?: boolean;
}

/** A date label below a column. */
export interface AxisLabel {
  index: number;
  text: string;
  /** The machine-readable date. */
  date: string;
}

export interface ColumnChartProps {
  /** The accessible name of the chart. */
  label: string;
  /** The accessible name of the axis: a figure with its provenance label. */
  axisLabel: string;
  /** A stable ID for each column, latest first. Focus stays on an ID when columns are added. */
  ids: readonly string[];
  /** The widths of the columns. */
  layout: VirtualAxis;
  height: number;
  scale: Scale;
  /** Formats a tick of the axis. */
  formatTick: (value: number) => string;
  /** Horizontal reference lines. The caller renders their legend. */
  lines: readonly ReferenceLine[];
  /** Date labels below some columns, latest first. */
  dateLabels: readonly AxisLabel[];
  columnAt: (index: number) => Column;
  labelOf: (index: number) => string;
  pointed: number | null;
  onPoint: (index: number | null) => void;
  /** Called when the earliest columns are nearly in view. */
  onNearStart?: () => void;
  /** Called with the width of the plot in pixels. */
  onResize?: (width: number) => void;
  testid: string;
}

export function ColumnChart(props: ColumnChartProps): JSX.Element {
  const y = (value: number) => HEADROOM + (1 - heightRatio(value, props.scale.top)) * (props.height - HEADROOM);
  return (
    <div class="column-chart" dir="ltr" data-testid={props.testid}>
      <div class="column-chart__field" style={{ 'min-height': `${props.height + LABEL_HEIGHT}px` }}>
        <svg class="column-chart__lines" width="100%" height={props.height} aria-hidden="true">
          <For each={props.scale.ticks}>{(tick) => <line class="column-chart__grid-line" x2="100%" y1={y(tick)} y2={y(tick)} />}</For>
          <line class="column-chart__baseline" x2="100%" y1={props.height - 0.5} y2={props.height - 0.5} />
        </svg>
        <Plot {...props} y={y} />
        <svg class="column-chart__lines" width="100%" height={props.height} aria-hidden="true">
          <For each={props.lines}>{(line) => <line class={`reference-line reference-line--${line.name}`} x2="100%" y1={y(line.value)} y2={y(line.value)} />}</For>
        </svg>
      </div>
      <Axis {...props} y={y} />
    </div>
  );
}

interface PlotProps extends ColumnChartProps {
  y: (value: number) => number;
}

function Axis(props: PlotProps): JSX.Element {
  return (
    <div class="column-chart__axis" role="img" aria-label={props.axisLabel} data-figure>
      <For each={props.scale.ticks}>{(tick) => <span style={{ top: `${props.y(tick)}px` }}>{props.formatTick(tick)}</span>}</For>
    </div>
  );
}

function Plot(props: PlotProps): JSX.Element {
  const [view, setView] = createSignal({ from: 0, width: 0 });
  const [stop, setStop] = createSignal<string | null>(null);
  const elements = new Map<string, SVGGElement>();
  let scroller!: HTMLDivElement;
  const indexes = createMemo(() => new Map(props.ids.map((id, index) => [id, index])));
  const tabStop = () => indexes().get(stop() ?? '') ?? Math.min(0, props.layout.count - 1);
  const drawn = createMemo(() => visibleSpan(props.layout, view().from, view().width, OVERSCAN));
  const from = () => startOf(props.layout, drawn().first);
  const width = () => startOf(props.layout, drawn().end) - from();
  const ids = createMemo(() => {
    const { first, end } = drawn();
    const list = Array.from({ length: end - first }, (_, at) => first + at);
    const all = tabStop() < 0 || list.includes(tabStop()) ? list : [...list, tabStop()];
    return all.map((index) => props.ids[index] ?? '');
  });

  /** Hides a label that would be cut off at either edge. */
  const isWhole = (label: AxisLabel) => {
    const place = startOf(props.layout, label.index) - view().from;
    return place >= 0 && place + LABEL_WIDTH <= view().width;
  };

  // Scrolls from the right (`dir="rtl"`), so that loading earlier columns at the left does not move the visible ones.
  const updateView = () => {
    setView({ from: Math.max(0, -scroller.scrollLeft), width: scroller.clientWidth });
    if (view().from + view().width + LOAD_MORE_DISTANCE > props.layout.length) props.onNearStart?.();
  };
  onMount(() => {
    const observer = new ResizeObserver(() => {
      updateView();
      props.onResize?.(scroller.clientWidth);
    });
    observer.observe(scroller);
    onCleanup(() => observer.disconnect());
  });

  const go = (index: number) => {
    scroller.scrollLeft = -scrollToReveal(props.layout, index, view().from, view().width);
    updateView();
    const id = props.ids[index] ?? null;
    setStop(id);
    elements.get(id ?? '')?.focus({ preventScroll: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const pageSize = Math.max(1, drawn().end - drawn().first >> 1);
    const to = nextIndex(event.key, tabStop(), { count: props.layout.count, step: 1, pageSize });
    if (to === null) return;
    event.preventDefault();
    go(to);
  };
  const onFocusIn = (event: FocusEvent) => {
    const index = Number((event.target as Element).getAttribute('data-index'));
    setStop(props.ids[index] ?? null);
    props.onPoint(index);
  };
  const onPointerMove = (event: PointerEvent & { currentTarget: SVGSVGElement }) => {
    const place = from() + event.currentTarget.getBoundingClientRect().right - event.clientX;
    props.onPoint(indexAt(props.layout, place));
  };

  return (
    <div class="column-chart__scroller" dir="rtl" ref={(element) => (scroller = element)} onScroll={updateView}>
      <div class="column-chart__content" dir="ltr" style={{ width: `${props.layout.length}px`, height: `${props.height + LABEL_HEIGHT}px` }}>
        <svg
          class="column-chart__columns"
          role="listbox"
          aria-orientation="horizontal"
          aria-label={props.label}
          width={width()}
          height={props.height}
          style={{ right: `${from()}px` }}
          onKeyDown={onKeyDown}
          onFocusIn={onFocusIn}
          onFocusOut={() => props.onPoint(null)}
          onPointerMove={onPointerMove}
          onPointerLeave={() => props.onPoint(null)}
        >
          <For each={ids()}>
            {(id) => (
              <ColumnItem
                {...props}
                index={indexes().get(id) ?? null}
                tabStop={tabStop()}
                right={width() + from()}
                onElement={(element) => registerElement(elements, id, element)}
              />
            )}
          </For>
        </svg>
        <For each={props.dateLabels.filter(isWhole)}>
          {(label) => (
            <time class="column-chart__date" dir="auto" aria-hidden="true" datetime={label.date} style={{ right: `${startOf(props.layout, label.index)}px`, top: `${props.height}px` }}>
              {label.text}
            </time>
          )}
        </For>
      </div>
    </div>
  );
}

interface ColumnProps extends PlotProps {
  /** Null after its column was removed: the element outlives its index by one update. */
  index: number | null;
  tabStop: number;
  /** The right edge of all drawn columns, in pixels from the left edge of the SVG. */
  right: number;
  onElement: (element: SVGGElement) => void;
}

function ColumnItem(props: ColumnProps): JSX.Element {
  const index = createMemo<number>((previous) => props.index ?? previous, 0);
  const size = () => sizeOf(props.layout, index());
  return (
    <g
      ref={(element) => props.onElement(element)}
      class="chart-point column-chart__column"
      classList={{ 'is-pointed': props.pointed === index() }}
      role="option"
      aria-selected={props.pointed === index()}
      aria-label={props.labelOf(index())}
      aria-posinset={index() + 1}
      aria-setsize={props.layout.count}
      tabindex={index() === props.tabStop ? 0 : -1}
      data-index={index()}
      data-figure
      transform={`translate(${props.right - startOf(props.layout, index()) - size()} 0)`}
    >
      <ColumnShape column={props.columnAt(index())} size={size()} height={props.height} top={props.scale.top} />
    </g>
  );
}

function registerElement(elements: Map<string, SVGGElement>, id: string, element: SVGGElement): void {
  elements.set(id, element);
  onCleanup(() => elements.get(id) === element && elements.delete(id));
}

/** Returns the gap between columns in pixels, smaller for narrow columns. */
function columnGap(size: number): number {
  if (size >= 12) return 4;
  return size >= 6 ? 2 : size / 4;
}

function ColumnShape(props: { column: Column; size: number; height: number; top: number }): JSX.Element {
  const room = () => props.height - HEADROOM;
  const width = () => props.size - columnGap(props.size);
  const stacked = createMemo(() => {
    let below = 0;
    return props.column.segments.map((segment) => {
      const height = heightRatio(segment.value, props.top) * room();
      below += height;
      return { style: segment.style, y: props.height - below, height };
    });
  });
  const top = () => stacked().at(-1)?.y ?? props.height;
  return (
    <>
      <rect class="chart-point__target" width={props.size} height={props.height} />
      <g>
        <Index each={stacked()}>
          {(segment, at) => <rect class={segment().style.class} x={columnGap(props.size) / 2} y={segment().y} width={width()} height={Math.max(0, segment().height - (at === 0 ? 0 : 1))} fill={segment().style.fill} />}
        </Index>
      </g>
      <Show when={props.column.isMarked}>
        <path class="column-chart__marker" d={`M${props.size / 2 - 4} ${top() - 8} h8 l-4 5 z`} />
      </Show>
    </>
  );
}
