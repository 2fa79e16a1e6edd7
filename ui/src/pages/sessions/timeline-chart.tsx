// The timeline of a session as a row of bars. A bar is selected with the pointer or the arrow keys, and its figures are
// shown below; otherwise the time range is. Only the selected bar exists as an option for assistive technology.
import { createMemo, createSignal, createUniqueId, type JSX, Show } from 'solid-js';
import type { TimelinePoint } from '../../bindings/TimelinePoint';
import { nextIndex } from '../../charts/roving-index';
import { LabeledFigure } from '../../components/labeled-figure';
import { useClock } from '../../lib/contexts';
import { formatCompact, formatDollars, formatNumber } from '../../lib/format';
import { DAY, formatClock, formatDateTime } from '../../lib/time';
import { text } from '../../strings';
import { layoutBars, nearestBar, SLOT_LENGTH, type TimelineBar } from './timeline-layout';

const HEIGHT = 56;

/** The width of the view box, which is stretched to the available width. */
const VIEW_WIDTH = 1_000;

interface TimelineProps {
  points: readonly TimelinePoint[];
  label: string;
}

export function Timeline(props: TimelineProps): JSX.Element {
  const { zone } = useClock();
  const bars = createMemo(() => layoutBars(props.points));
  const [selected, setSelected] = createSignal<number | null>(null);
  const id = createUniqueId();
  let chart!: HTMLDivElement;
  const index = () => Math.min(selected() ?? props.points.length - 1, props.points.length - 1);
  const point = () => (selected() === null ? null : (props.points[index()] ?? null));
  const onKeyDown = (event: KeyboardEvent) => {
    const last = props.points.length - 1;
    const to = nextIndex(event.key, last - index(), { count: props.points.length, step: 1, pageSize: 12 });
    if (to === null) return;
    event.preventDefault();
    setSelected(last - to);
  };
  const onPointerMove = (event: PointerEvent) => {
    const box = chart.getBoundingClientRect();
    setSelected(nearestBar(bars(), (event.clientX - box.left) / box.width));
  };
  const onPointerLeave = () => document.activeElement === chart || setSelected(null);
  return (
    <section class="card timeline" data-testid="timeline">
      <h2 class="card__label" id={id}>{text.sessionDetail.timeline}</h2>
      <div
        ref={(element) => (chart = element)}
        class="timeline__chart"
        role="listbox"
        tabindex={0}
        aria-orientation="horizontal"
        aria-labelledby={id}
        aria-activedescendant={`${id}-${index()}`}
        onKeyDown={onKeyDown}
        onFocus={() => setSelected(index())}
        onBlur={() => setSelected(null)}
        onPointerMove={onPointerMove}
        onPointerLeave={onPointerLeave}
      >
        <span
          class="visually-hidden"
          role="option"
          id={`${id}-${index()}`}
          aria-selected={selected() !== null}
          aria-posinset={index() + 1}
          aria-setsize={props.points.length}
          aria-label={pointLabel(props.points[index()], props, zone())}
          data-figure
        />
        <svg width="100%" height={HEIGHT} viewBox={`0 0 ${VIEW_WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          <path class="timeline__baseline" d={`M0 ${HEIGHT - 0.5} H${VIEW_WIDTH}`} />
          <path class="timeline__bars" d={bars().map(barPath).join('')} />
          <Show when={point() && bars()[index()]}>{(bar) => <path class="timeline__selected" d={barPath({ ...bar(), height: 1 })} />}</Show>
        </svg>
      </div>
      <p class="row-between caption timeline__figures" data-testid="timeline-figures">
        <Show when={point()} fallback={<TimeRange {...props} />}>
          {(current) => <SelectedPoint {...props} point={current()} />}
        </Show>
      </p>
    </section>
  );
}

function TimeRange(props: TimelineProps): JSX.Element {
  const { zone } = useClock();
  const last = () => Date.parse(props.points.at(-1)?.startTime ?? '') + SLOT_LENGTH;
  return (
    <>
      <time>{formatPointTime(Date.parse(props.points[0]?.startTime ?? ''), props.points, zone())}</time>
      <time>{formatPointTime(last(), props.points, zone())}</time>
    </>
  );
}

function SelectedPoint(props: TimelineProps & { point: TimelinePoint }): JSX.Element {
  const { zone } = useClock();
  return (
    <>
      <time datetime={props.point.startTime}>{pointTimeRange(props.point, props.points, zone())}</time>
      <span>
        <LabeledFigure label={props.label} title={text.tokens(formatNumber(props.point.amount.tokens))}>
          {text.tokens(formatCompact(props.point.amount.tokens))}
        </LabeledFigure>
        <Show when={props.point.amount.cost !== null}>
          {', '}
          <LabeledFigure label={text.apiEquivalent} title={text.apiEquivalentTitle}>
            {formatDollars(props.point.amount.cost ?? 0)}
          </LabeledFigure>
        </Show>
      </span>
    </>
  );
}

/** Formats a time of day, with its date if the session is longer than a day. */
function formatPointTime(at: number, points: readonly TimelinePoint[], zone: string): string {
  const [first, last] = [points[0], points.at(-1)].map((point) => Date.parse(point?.startTime ?? '')) as [number, number];
  return last - first < DAY ? formatClock(at, zone) : formatDateTime(at, zone);
}

function pointTimeRange(point: TimelinePoint, points: readonly TimelinePoint[], zone: string): string {
  const start = Date.parse(point.startTime);
  return text.sessionDetail.timeRange(formatPointTime(start, points, zone), formatClock(start + SLOT_LENGTH, zone));
}

function pointLabel(point: TimelinePoint | undefined, { points, label }: TimelineProps, zone: string): string {
  return point ? `${pointTimeRange(point, points, zone)}, ${text.tokensWithLabel(formatNumber(point.amount.tokens), label)}` : '';
}

/** Returns the path of a bar, with a small gap to the next one. */
function barPath(bar: TimelineBar): string {
  const [x, width] = [bar.start * VIEW_WIDTH, Math.max(2, bar.width * VIEW_WIDTH - 1.5)];
  const height = Math.max(1, bar.height * HEIGHT);
  return `M${x.toFixed(1)} ${HEIGHT}v${(-height).toFixed(1)}h${width.toFixed(1)}v${height.toFixed(1)}z`;
}
