// Columns in time, the latest at the right: as wide as all of them, drawing only those in view.
// One column takes part in the tab order, keys move it; whatever is pointed at is told to the page, which says it in a line
// of its own. It refuses to cover a figure with another: there are no tooltips.
import { createMemo, createSignal, For, Index, onCleanup, onMount, Show, type JSX } from 'solid-js';
import { ledTo } from './roving';
import { heightOf, type Mark, type Scale } from './scale';
import { indexAt, inView, reveal, sizeOf, startOf, type Track } from './track';
import type { Tone } from './tones';

/** Columns drawn to either side of the view, in pixels. */
const MARGIN = 160;

/** Nearer to the earliest one than this, earlier ones are asked for. */
const NEAR = 600;

/** Above the highest column, for its mark. */
const HEADROOM = 10;

/** Under the columns, for words. */
const FEET = 18;

/** A date's room; one that had less would be cut. */
const FOOT = 56;

/** One column from its foot up. */
export interface Column {
  pieces: readonly { value: number; tone: Tone }[];
  /** Idle time rather than a column. */
  idle?: boolean;
  /** Stands out by a mark above it. */
  marked?: boolean;
}

/** Words under a column. */
export interface Foot {
  index: number;
  words: string;
  /** For machines. */
  date: string;
}

export interface ColumnsProps {
  /** What a screen reader calls the whole. */
  label: string;
  /** What it says of the axis: a figure with its label. */
  axis: string;
  /** What each is, whatever comes before it: the keyboard stays with it. The latest first, like everything here. */
  ids: readonly string[];
  /** How wide each is. */
  along: Track;
  height: number;
  scale: Scale;
  /** A figure on the axis. */
  write: (value: number) => string;
  /** Lines across; what they are is said beneath. */
  marks: readonly Mark[];
  /** Words under some columns, such as dates; the latest first. */
  feet: readonly Foot[];
  column: (index: number) => Column;
  name: (index: number) => string;
  pointed: number | null;
  point: (index: number | null) => void;
  /** The earliest ones are nearly in view. */
  reached?: () => void;
  /** How much room there is. */
  measured?: (width: number) => void;
  testid: string;
}

export function Columns(props: ColumnsProps): JSX.Element {
  const y = (value: number) => HEADROOM + (1 - heightOf(value, props.scale.top)) * (props.height - HEADROOM);
  return (
    <div class="chart" dir="ltr" data-testid={props.testid}>
      <div class="chart-field" style={{ 'min-height': `${props.height + FEET}px` }}>
        <svg class="chart-lines" width="100%" height={props.height} aria-hidden="true">
          <For each={props.scale.ticks}>{(tick) => <line class="grid-line" x2="100%" y1={y(tick)} y2={y(tick)} />}</For>
          <line class="floor-line" x2="100%" y1={props.height - 0.5} y2={props.height - 0.5} />
        </svg>
        <Field {...props} y={y} />
        <svg class="chart-lines above" width="100%" height={props.height} aria-hidden="true">
          <For each={props.marks}>{(mark) => <line class={`mark-line mark-${mark.name}`} x2="100%" y1={y(mark.value)} y2={y(mark.value)} />}</For>
        </svg>
      </div>
      <Axis {...props} y={y} />
    </div>
  );
}

interface Drawn extends ColumnsProps {
  y: (value: number) => number;
}

function Axis(props: Drawn): JSX.Element {
  return (
    <div class="chart-axis" role="img" aria-label={props.axis} data-figure>
      <For each={props.scale.ticks}>{(tick) => <span style={{ top: `${props.y(tick)}px` }}>{props.write(tick)}</span>}</For>
    </div>
  );
}

function Field(props: Drawn): JSX.Element {
  const [view, setView] = createSignal({ from: 0, width: 0 });
  const [stop, setStop] = createSignal<string | null>(null);
  const elements = new Map<string, SVGGElement>();
  let scroller!: HTMLDivElement;
  const places = createMemo(() => new Map(props.ids.map((id, index) => [id, index])));
  const tabStop = () => places().get(stop() ?? '') ?? Math.min(0, props.along.count - 1);
  const drawn = createMemo(() => inView(props.along, view().from, view().width, MARGIN));
  const from = () => startOf(props.along, drawn().first);
  const width = () => startOf(props.along, drawn().end) - from();
  const ids = createMemo(() => {
    const { first, end } = drawn();
    const list = Array.from({ length: end - first }, (_, at) => first + at);
    const all = tabStop() < 0 || list.includes(tabStop()) ? list : [...list, tabStop()];
    return all.map((index) => props.ids[index] ?? '');
  });

  /** A date that would be cut at either edge of the view comes when there is room for it. */
  const isWhole = (foot: Foot) => {
    const place = startOf(props.along, foot.index) - view().from;
    return place >= 0 && place + FOOT <= view().width;
  };

  // Laid from the right, so that earlier columns arriving at the left move nothing that is in view.
  const look = () => {
    setView({ from: Math.max(0, -scroller.scrollLeft), width: scroller.clientWidth });
    if (view().from + view().width + NEAR > props.along.length) props.reached?.();
  };
  onMount(() => {
    const observer = new ResizeObserver(() => {
      look();
      props.measured?.(scroller.clientWidth);
    });
    observer.observe(scroller);
    onCleanup(() => observer.disconnect());
  });

  const go = (index: number) => {
    scroller.scrollLeft = -reveal(props.along, index, view().from, view().width);
    look();
    const id = props.ids[index] ?? null;
    setStop(id);
    elements.get(id ?? '')?.focus({ preventScroll: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, drawn().end - drawn().first >> 1);
    const to = ledTo(event.key, tabStop(), { count: props.along.count, line: 1, page });
    if (to === null) return;
    event.preventDefault();
    go(to);
  };
  const onFocusIn = (event: FocusEvent) => {
    const index = Number((event.target as Element).getAttribute('data-index'));
    setStop(props.ids[index] ?? null);
    props.point(index);
  };
  const onPointerMove = (event: PointerEvent & { currentTarget: SVGSVGElement }) => {
    const place = from() + event.currentTarget.getBoundingClientRect().right - event.clientX;
    props.point(indexAt(props.along, place));
  };

  return (
    <div class="chart-scroller" dir="rtl" ref={(element) => (scroller = element)} onScroll={look}>
      <div class="chart-width" dir="ltr" style={{ width: `${props.along.length}px`, height: `${props.height + FEET}px` }}>
        <svg
          class="chart-columns"
          role="listbox"
          aria-orientation="horizontal"
          aria-label={props.label}
          width={width()}
          height={props.height}
          style={{ right: `${from()}px` }}
          onKeyDown={onKeyDown}
          onFocusIn={onFocusIn}
          onFocusOut={() => props.point(null)}
          onPointerMove={onPointerMove}
          onPointerLeave={() => props.point(null)}
        >
          <For each={ids()}>
            {(id) => (
              <OneColumn
                {...props}
                place={places().get(id) ?? null}
                tabStop={tabStop()}
                right={width() + from()}
                keep={(element) => keep(elements, id, element)}
              />
            )}
          </For>
        </svg>
        <For each={props.feet.filter(isWhole)}>
          {(foot) => (
            <time class="chart-foot" dir="auto" aria-hidden="true" datetime={foot.date} style={{ right: `${startOf(props.along, foot.index)}px`, top: `${props.height}px` }}>
              {foot.words}
            </time>
          )}
        </For>
      </div>
    </div>
  );
}

interface OneProps extends Drawn {
  /** Null once it has none any longer: a column outlives its place by an instant. */
  place: number | null;
  tabStop: number;
  /** Where the latest of all ends, from the left of those drawn. */
  right: number;
  keep: (element: SVGGElement) => void;
}

function OneColumn(props: OneProps): JSX.Element {
  const index = createMemo<number>((before) => props.place ?? before, 0);
  const size = () => sizeOf(props.along, index());
  return (
    <g
      ref={(element) => props.keep(element)}
      class="column"
      classList={{ pointed: props.pointed === index() }}
      role="option"
      aria-selected={props.pointed === index()}
      aria-label={props.name(index())}
      aria-posinset={index() + 1}
      aria-setsize={props.along.count}
      tabindex={index() === props.tabStop ? 0 : -1}
      data-index={index()}
      data-figure
      transform={`translate(${props.right - startOf(props.along, index()) - size()} 0)`}
    >
      <Shape column={props.column(index())} size={size()} height={props.height} top={props.scale.top} />
    </g>
  );
}

function keep(elements: Map<string, SVGGElement>, id: string, element: SVGGElement): void {
  elements.set(id, element);
  onCleanup(() => elements.get(id) === element && elements.delete(id));
}

/** Between columns there is air, as far as their width allows. */
function air(size: number): number {
  if (size >= 12) return 4;
  return size >= 6 ? 2 : size / 4;
}

function Shape(props: { column: Column; size: number; height: number; top: number }): JSX.Element {
  const room = () => props.height - HEADROOM;
  const width = () => props.size - air(props.size);
  const stacked = createMemo(() => {
    let below = 0;
    return props.column.pieces.map((piece) => {
      const height = heightOf(piece.value, props.top) * room();
      below += height;
      return { tone: piece.tone, y: props.height - below, height };
    });
  });
  const summit = () => stacked().at(-1)?.y ?? props.height;
  return (
    <>
      <rect class="column-ground" width={props.size} height={props.height} />
      <Show when={props.column.idle}>
        <rect y={HEADROOM} width={props.size} height={room()} fill="url(#chart-gap)" />
      </Show>
      <g class="column-pieces">
        <Index each={stacked()}>
          {(piece) => <rect class={piece().tone.class} x={air(props.size) / 2} y={piece().y} width={width()} height={piece().height} fill={piece().tone.fill} />}
        </Index>
      </g>
      <Show when={props.column.marked}>
        <path class="column-mark" d={`M${props.size / 2 - 4} ${summit() - 8} h8 l-4 5 z`} />
      </Show>
    </>
  );
}
