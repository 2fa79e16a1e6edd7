// The burn-up chart of a block or a week: the usage so far, the range expected at its end, and the limit or the usual
// maximum.
import { For, type JSX, Show } from 'solid-js';
import type { ProjectedRange } from '../bindings/ProjectedRange';
import { createElementWidth } from '../lib/element-width';
import { type BurnUpCurve, type BurnUpPoint, hoursBetween, spreadLabels } from './burn-up-layout';
import './burn-up.css';

/** Space around the plot in pixels: for the labels of the end, of the top line and of the hours. */
const [RIGHT, TOP, BOTTOM] = [48, 8, 18];

/** The height of a line of labels in pixels. */
const LABEL_DISTANCE = 13;

/** The space between an edge of the chart and the nearest hour label, in pixels, for a start label of five characters. */
const HOUR_LABEL_MARGIN = 46;

/** The additional space for each further character, such as those of a time zone. */
const CHARACTER_WIDTH = 7;

interface BurnUpProps {
  label: string;
  height: number;
  start: number;
  end: number;
  curve: BurnUpCurve;
  /** The value at the top of the plot. */
  max: number;
  /** The limit, or the usual maximum the block is compared with. */
  line: { value: number; text: string; isLimit: boolean } | null;
  /** The value expected at the end. */
  expected: ProjectedRange | null;
  /** The time at which the limit is expected to be reached. */
  reachedAt: { at: number; text: string } | null;
  formatValue: (value: number) => string;
  /** Formats a full hour between the ends. */
  formatHour?: (at: number) => string;
  /** The labels between the ends, instead of full hours. */
  ticks?: readonly { at: number; text: string }[];
  startText: string;
  endText: string;
  evenText: string;
}

export function BurnUpChart(props: BurnUpProps): JSX.Element {
  let box!: HTMLDivElement;
  const width = createElementWidth(() => box);
  return (
    <div class="burn-up" dir="ltr" role="img" aria-label={props.label} data-figure ref={(element) => (box = element)} style={{ height: `${props.height}px` }} data-testid="burn-up">
      <Show when={width() > RIGHT * 2}>
        <svg width={width()} height={props.height} aria-hidden="true">
          <Plot {...props} width={width() - RIGHT} />
        </svg>
      </Show>
    </div>
  );
}

interface PlotProps extends BurnUpProps {
  /** The width of the plot without the labels beside it. */
  width: number;
}

function Plot(props: PlotProps): JSX.Element {
  const base = () => props.height - BOTTOM;
  const x = (at: number) => ((at - props.start) / (props.end - props.start)) * props.width;
  const y = (value: number) => base() - (Math.min(value, props.max) / props.max) * (base() - TOP);
  const path = (points: readonly BurnUpPoint[]) => points.map((point) => `${x(point.at).toFixed(1)},${y(point.value).toFixed(1)}`).join(' ');
  const now = () => props.curve.at(-1) ?? { at: props.start, value: 0 };
  const lineY = () => (props.line === null || props.line.value > props.max ? null : y(props.line.value));
  const isAboveEvenPace = () => props.line !== null && now().value > (props.line.value * (now().at - props.start)) / (props.end - props.start);
  const hourMargin = () => HOUR_LABEL_MARGIN + CHARACTER_WIDTH * Math.max(0, props.startText.length - '09:48'.length);
  const hours = () => hoursBetween(props.start, props.end, (hourMargin() / props.width) * (props.end - props.start));
  const ticks = () => props.ticks ?? hours().map((at) => ({ at, text: props.formatHour?.(at) ?? '' }));
  return (
    <>
      <line class="burn-up__base" x2={props.width} y1={base() + 0.5} y2={base() + 0.5} />
      <Show when={props.line?.isLimit === true && lineY() !== null && props.expected !== null && props.expected.high > props.line.value}>
        <rect class="burn-up__beyond" y={TOP} width={props.width} height={(lineY() ?? TOP) - TOP} />
      </Show>
      <Show when={lineY()}>
        {(at) => (
          <>
            <line class="burn-up__limit" classList={{ 'burn-up__limit--usual': props.line?.isLimit === false }} x2={props.width} y1={at()} y2={at()} />
            <Show when={props.line?.isLimit === true && now().value < (props.line?.value ?? 0)}>
              <line class="burn-up__even" x2={props.width} y1={base()} y2={at()} />
              <EvenPaceLabel text={props.evenText} width={props.width} base={base()} top={at()} isBelow={isAboveEvenPace()} />
            </Show>
          </>
        )}
      </Show>
      <Show when={props.expected}>{(range) => <Cone from={now()} range={range()} max={props.max} width={props.width} x={x} y={y} />}</Show>
      <polygon class="burn-up__area" points={`0,${base()} ${path(props.curve)} ${x(now().at).toFixed(1)},${base()}`} />
      <polyline class="burn-up__line" points={path(props.curve)} />
      <line class="burn-up__now" x1={x(now().at)} x2={x(now().at)} y1={TOP} y2={base()} />
      <Show when={lineY() === null ? null : props.reachedAt}>
        {(hit) => (
          <>
            <circle class="burn-up__hit" cx={x(hit().at)} cy={lineY() ?? 0} r="5" />
            <text class="burn-up__text--over" x={x(hit().at) - 9} y={(lineY() ?? 0) - 5} text-anchor="end">
              {hit().text}
            </text>
          </>
        )}
      </Show>
      <circle class="burn-up__dot" cx={x(now().at)} cy={y(now().value)} r="5" />
      <EndLabels {...props} y={y} lineY={lineY()} base={base()} />
      <text class="burn-up__text--dim" y={props.height - 3}>
        {props.startText}
      </text>
      <For each={ticks()}>
        {(tick) => (
          <text x={x(tick.at)} y={props.height - 3} text-anchor="middle">
            {tick.text}
          </text>
        )}
      </For>
      <text class="burn-up__text--end" x={props.width} y={props.height - 3} text-anchor="middle">
        {props.endText}
      </text>
    </>
  );
}

/** The name of the even pace, along its line: on the side away from the curve. */
function EvenPaceLabel(props: { text: string; width: number; base: number; top: number; isBelow: boolean }): JSX.Element {
  const share = () => (props.isBelow ? 0.66 : 0.2);
  const angle = () => (Math.atan2(props.top - props.base, props.width) * 180) / Math.PI;
  return (
    <text transform={`translate(${share() * props.width} ${props.base + share() * (props.top - props.base)}) rotate(${angle().toFixed(2)})`} y={props.isBelow ? 13 : -5}>
      {props.text}
    </text>
  );
}

interface ConeProps {
  from: BurnUpPoint;
  range: ProjectedRange;
  max: number;
  width: number;
  x: (at: number) => number;
  y: (value: number) => number;
}

/** The range expected from now to the end; cut where it leaves the plot. */
function Cone(props: ConeProps): JSX.Element {
  const origin = () => ({ x: props.x(props.from.at), y: props.y(props.from.value) });
  const tip = (value: number) => {
    if (value <= props.max) return { x: props.width, y: props.y(value) };
    const share = (props.max - props.from.value) / (value - props.from.value);
    return { x: origin().x + Math.max(0, share) * (props.width - origin().x), y: TOP };
  };
  const high = () => tip(props.range.high);
  const low = () => tip(props.range.low);
  const corner = () => (props.range.high > props.max && props.range.low <= props.max ? ` ${props.width},${TOP}` : '');
  return (
    <>
      <polygon class="burn-up__cone" points={`${origin().x},${origin().y} ${high().x},${high().y}${corner()} ${low().x},${low().y}`} />
      <For each={[high(), low()]}>{(end) => <line class="burn-up__edge" x1={origin().x} y1={origin().y} x2={end.x} y2={end.y} />}</For>
      <Show when={props.range.high <= props.max}>
        <line class="burn-up__end" x1={props.width} x2={props.width} y1={high().y} y2={low().y} />
      </Show>
    </>
  );
}

interface EndLabel {
  text: string;
  class: string;
  y: number;
}

/** The labels at the right end: the limit and the expected range. */
function EndLabels(props: PlotProps & { y: (value: number) => number; lineY: number | null; base: number }): JSX.Element {
  const labels = (): EndLabel[] => {
    const { expected, line } = props;
    const range = expected === null || expected.high > props.max ? [] : [...new Set([props.formatValue(expected.high), props.formatValue(expected.low)])];
    const ends = range.map((text, at) => ({ text, class: 'burn-up__text--level', y: props.y(at === 0 ? (expected?.high ?? 0) : (expected?.low ?? 0)) }));
    const all = [...(line === null || props.lineY === null ? [] : [{ text: line.text, class: 'burn-up__text--dim', y: props.lineY }]), ...ends];
    const places = spreadLabels(all.map((label) => label.y), LABEL_DISTANCE, props.base);
    return all.map((label, at) => ({ ...label, y: places[at] ?? label.y }));
  };
  return (
    <For each={labels()}>
      {(label) => (
        <text class={label.class} x={props.width + 7} y={label.y + 4}>
          {label.text}
        </text>
      )}
    </For>
  );
}
