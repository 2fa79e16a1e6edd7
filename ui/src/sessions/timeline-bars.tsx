// What a session used when, as a thin row of bars. One of them can be looked at, with the pointer or the arrow keys:
// of however many there are only that one is in the document as an option.
// Its time and figures stand beneath, where without one the first and last time stand.
import { createMemo, createSignal, createUniqueId, Show, type JSX } from 'solid-js';
import type { TimelinePoint } from '../bindings/TimelinePoint';
import { compact, dollars, exact } from '../format';
import { ledTo } from '../charts/roving';
import { Labelled } from '../parts/labelled';
import { text } from '../text';
import { clock, DAY, moment } from '../time';
import { bars, nearest, SLOT, type Bar } from './timeline';

const HEIGHT = 32;

/** The picture's own units; it is stretched to the width there is. */
const WIDE = 1_000;

interface TimelineProps {
  points: readonly TimelinePoint[];
  label: string;
  zone: string;
}

export function Timeline(props: TimelineProps): JSX.Element {
  const laid = createMemo(() => bars(props.points));
  const [looked, look] = createSignal<number | null>(null);
  const id = createUniqueId();
  let picture!: HTMLDivElement;
  const at = () => Math.min(looked() ?? props.points.length - 1, props.points.length - 1);
  const point = () => (looked() === null ? null : (props.points[at()] ?? null));
  const onKeyDown = (event: KeyboardEvent) => {
    const last = props.points.length - 1;
    const to = ledTo(event.key, last - at(), { count: props.points.length, line: 1, page: 12 });
    if (to === null) return;
    event.preventDefault();
    look(last - to);
  };
  const onPointerMove = (event: PointerEvent) => {
    const box = picture.getBoundingClientRect();
    look(nearest(laid(), (event.clientX - box.left) / box.width));
  };
  const unlessFocused = () => document.activeElement === picture || look(null);
  return (
    <section class="timeline" data-testid="timeline">
      <div class="headed">
        <h2 id={id}>{text.detail.timeline}</h2>
        <span class="label">{props.label}</span>
      </div>
      <div
        ref={(element) => (picture = element)}
        class="timeline-picture"
        role="listbox"
        tabindex={0}
        aria-orientation="horizontal"
        aria-labelledby={id}
        aria-activedescendant={`${id}-${at()}`}
        onKeyDown={onKeyDown}
        onFocus={() => look(at())}
        onBlur={() => look(null)}
        onPointerMove={onPointerMove}
        onPointerLeave={unlessFocused}
      >
        <span
          class="heard"
          role="option"
          id={`${id}-${at()}`}
          aria-selected={looked() !== null}
          aria-posinset={at() + 1}
          aria-setsize={props.points.length}
          aria-label={words(props.points[at()], props)}
          data-figure
        />
        <svg width="100%" height={HEIGHT} viewBox={`0 0 ${WIDE} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          <path class="timeline-ground" d={`M0 ${HEIGHT - 0.5} H${WIDE}`} />
          <path class="timeline-bars" d={laid().map(drawn).join('')} />
          <Show when={point() && laid()[at()]}>{(bar) => <path class="timeline-looked" d={drawn({ ...bar(), height: 1 })} />}</Show>
        </svg>
      </div>
      <p class="pair note" data-testid="timeline-figures">
        <Show when={point()} fallback={<Ends {...props} />}>
          {(seen) => <Looked {...props} point={seen()} />}
        </Show>
      </p>
    </section>
  );
}

function Ends(props: TimelineProps): JSX.Element {
  const last = () => Date.parse(props.points.at(-1)?.startTime ?? '') + SLOT;
  return (
    <>
      <time>{instant(Date.parse(props.points[0]?.startTime ?? ''), props)}</time>
      <time>{instant(last(), props)}</time>
    </>
  );
}

function Looked(props: TimelineProps & { point: TimelinePoint }): JSX.Element {
  return (
    <>
      <time datetime={props.point.startTime}>{span(props.point, props)}</time>
      <span>
        <Labelled label={props.label} title={text.tokens(exact(props.point.amount.tokens))} heard>
          {text.tokens(compact(props.point.amount.tokens))}
        </Labelled>
        <Show when={props.point.amount.cost !== null}>
          {', '}
          <span data-figure>{text.costLabelled(dollars(props.point.amount.cost ?? 0))}</span>
        </Show>
      </span>
    </>
  );
}

/** A time of day says enough where all of it lies within one day's length; the facts below have the dates. */
function instant(at: number, { points, zone }: TimelineProps): string {
  const [first, last] = [points[0], points.at(-1)].map((point) => Date.parse(point?.startTime ?? '')) as [number, number];
  return last - first < DAY ? clock(at, zone) : moment(at, zone);
}

function span(point: TimelinePoint, of: TimelineProps): string {
  const begun = Date.parse(point.startTime);
  return text.detail.span(instant(begun, of), clock(begun + SLOT, of.zone));
}

function words(point: TimelinePoint | undefined, of: TimelineProps): string {
  return point ? `${span(point, of)}, ${text.tokensLabelled(exact(point.amount.tokens), of.label)}` : '';
}

/** A bar from the ground up, with a hair of ground between it and the next. */
function drawn(bar: Bar): string {
  const [x, wide] = [bar.start * WIDE, Math.max(2, bar.width * WIDE - 1.5)];
  const high = Math.max(1, bar.height * HEIGHT);
  return `M${x.toFixed(1)} ${HEIGHT}v${(-high).toFixed(1)}h${wide.toFixed(1)}v${high.toFixed(1)}z`;
}
