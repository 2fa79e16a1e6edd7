// The four kinds of token as pictures: one stacked bar with its legend, or four bars one below the other.
// Told apart by texture, not by hue: colour is kept for levels.
import { Index, Show, type JSX } from 'solid-js';
import { compact, exact, share } from '../format';
import { kinds, segments, shareOf, total, type Kind, type KindCounts } from '../kinds';
import { text } from '../text';
import { Labelled } from './labelled';

/** The textures all bars refer to; stands once in the page. */
export function Textures(): JSX.Element {
  return (
    <svg class="textures" width="0" height="0" aria-hidden="true">
      <pattern id="texture-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect class="texture-ground" width="5" height="5" />
        <rect class="texture-line" width="2.4" height="5" />
      </pattern>
      <pattern id="texture-dots" width="4" height="4" patternUnits="userSpaceOnUse">
        <rect class="texture-ground" width="4" height="4" />
        <circle class="texture-dot" cx="2" cy="2" r="0.9" />
      </pattern>
    </svg>
  );
}

/** A texture is referred to from the document, a plain tone comes from the style sheet. */
const textures: Record<Kind, string | undefined> = {
  inputTokens: undefined,
  outputTokens: undefined,
  cacheCreationTokens: 'url(#texture-hatch)',
  cacheReadTokens: 'url(#texture-dots)',
};

const tones: Record<Kind, string> = {
  inputTokens: 'tone-input',
  outputTokens: 'tone-output',
  cacheCreationTokens: 'tone-write',
  cacheReadTokens: 'tone-read',
};

const percent = (part: number) => `${(part * 100).toFixed(3)}%`;

interface BarProps {
  counts: KindCounts;
  /** Where the counts come from: a heading shows it, each figure says it. */
  label: string;
}

/** All four on one line, and what each is in figures. */
export function KindBar(props: BarProps): JSX.Element {
  return (
    <>
      <svg class="kind-bar" width="100%" height="14" aria-hidden="true">
        <Index each={segments(props.counts)}>
          {(segment) => (
            <rect
              class={`kind-piece ${tones[segment().kind]}`}
              x={percent(segment().start)}
              width={percent(segment().width)}
              height="14"
              fill={textures[segment().kind]}
              visibility={segment().width > 0 ? 'visible' : 'hidden'}
            />
          )}
        </Index>
        <rect class="kind-frame" x="0.5" y="0.5" width="100%" height="13" />
      </svg>
      <dl class="legend">
        <Index each={kinds}>{(kind) => <LegendEntry kind={kind()} counts={props.counts} label={props.label} />}</Index>
      </dl>
    </>
  );
}

function LegendEntry(props: BarProps & { kind: Kind }): JSX.Element {
  return (
    <div class="legend-entry" title={exact(props.counts[props.kind])}>
      <dt>
        <Swatch kind={props.kind} />
        {text.kinds[props.kind]}
      </dt>
      <dd>
        <Labelled label={props.label} heard>
          {compact(props.counts[props.kind])}
        </Labelled>
      </dd>
    </div>
  );
}

function Swatch(props: { kind: Kind }): JSX.Element {
  return (
    <svg class="swatch" width="10" height="10" aria-hidden="true">
      <rect class={tones[props.kind]} x="0.5" y="0.5" width="9" height="9" fill={textures[props.kind]} />
    </svg>
  );
}

/** One bar a kind, each against the whole, with figure and share; cache writes for an hour as a part of theirs. */
export function KindBars(props: BarProps & { oneHour: number }): JSX.Element {
  const all = () => total(props.counts);
  return (
    <dl class="kind-bars" aria-label={text.detail.kinds}>
      <Index each={kinds}>
        {(kind) => (
          <>
            <KindRow name={text.kinds[kind()]} kind={kind()} count={props.counts[kind()]} part={shareOf(props.counts, kind())} label={props.label} />
            <Show when={kind() === 'cacheCreationTokens' && props.oneHour > 0}>
              <KindRow name={text.kinds.oneHour} kind={kind()} count={props.oneHour} part={props.oneHour / all()} label={props.label} within />
            </Show>
          </>
        )}
      </Index>
    </dl>
  );
}

interface RowProps {
  name: string;
  kind: Kind;
  count: number;
  part: number;
  label: string;
  /** Whether it is a part of the row above. */
  within?: boolean;
}

function KindRow(props: RowProps): JSX.Element {
  return (
    <div class="kind-row" classList={{ within: props.within }} title={props.within ? text.kinds.oneHourTitle : undefined}>
      <dt>{props.name}</dt>
      <dd data-figure>
        <svg class="kind-bar thin" width="100%" height="8" aria-hidden="true">
          <rect class="kind-ground" width="100%" height="8" />
          <rect class={tones[props.kind]} width={percent(props.part)} height="8" fill={textures[props.kind]} />
        </svg>
        <span class="kind-count">{exact(props.count)}</span>
        <span class="heard">, {props.label},</span>
        <span class="kind-share">{share(props.part)}</span>
      </dd>
    </div>
  );
}
