// Charts of the four token kinds: a stacked bar with a legend, and a table with a bar per kind. Each kind has a color;
// patterns replace them with more contrast and with forced colors.
import { Index, type JSX, Show } from 'solid-js';
import { formatCompact, formatNumber, formatPercent } from '../lib/format';
import { kindShare, layoutSegments, sumTokens, type TokenCounts, type TokenKind, tokenKinds } from '../lib/token-kinds';
import { text } from '../strings';
import './token-kind-charts.css';

/** The SVG patterns all bars refer to. Rendered once in the app. */
export function KindPatterns(): JSX.Element {
  return (
    <svg class="pattern-defs" width="0" height="0" aria-hidden="true">
      <pattern id="texture-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect class="pattern__ground" width="5" height="5" />
        <rect class="pattern__line" width="2.4" height="5" />
      </pattern>
      <pattern id="texture-dots" width="4" height="4" patternUnits="userSpaceOnUse">
        <rect class="pattern__ground" width="4" height="4" />
        <circle class="pattern__dot" cx="2" cy="2" r="0.9" />
      </pattern>
    </svg>
  );
}

/** A pattern refers to the document; a plain shade comes from the style sheet. */
const kindFills: Record<TokenKind, string | undefined> = {
  inputTokens: undefined,
  outputTokens: undefined,
  cacheCreationTokens: 'url(#texture-hatch)',
  cacheReadTokens: 'url(#texture-dots)',
};

const kindClasses: Record<TokenKind, string> = {
  inputTokens: 'kind-fill--input',
  outputTokens: 'kind-fill--output',
  cacheCreationTokens: 'kind-fill--write',
  cacheReadTokens: 'kind-fill--read',
};

const percent = (share: number) => `${(share * 100).toFixed(3)}%`;

interface BarProps {
  counts: TokenCounts;
  /** The provenance label of the counts. A heading shows it; each figure repeats it for screen readers. */
  label: string;
}

/** A stacked bar of the four kinds, with a legend. */
export function TokenKindBar(props: BarProps): JSX.Element {
  return (
    <>
      <svg class="kind-bar" width="100%" height="10" aria-hidden="true">
        <Index each={layoutSegments(props.counts)}>
          {(segment) => (
            <rect
              class={`kind-bar__segment ${kindClasses[segment().kind]}`}
              x={percent(segment().start)}
              width={percent(segment().width)}
              height="10"
              fill={kindFills[segment().kind]}
              visibility={segment().width > 0 ? 'visible' : 'hidden'}
            />
          )}
        </Index>
      </svg>
      <dl class="kind-legend">
        <Index each={tokenKinds}>{(kind) => <LegendEntry kind={kind()} counts={props.counts} label={props.label} />}</Index>
      </dl>
    </>
  );
}

function LegendEntry(props: BarProps & { kind: TokenKind }): JSX.Element {
  return (
    <div class="kind-legend__entry" title={formatNumber(props.counts[props.kind])}>
      <dt>
        <KindSwatch kind={props.kind} />
        {text.tokenKinds[props.kind]}
      </dt>
      <dd data-figure>
        {formatCompact(props.counts[props.kind])}
        <span class="visually-hidden">, {props.label},</span>
        <span class="kind-legend__share">{formatPercent(kindShare(props.counts, props.kind))}</span>
      </dd>
    </div>
  );
}

function KindSwatch(props: { kind: TokenKind }): JSX.Element {
  return (
    <svg class="swatch" width="8" height="8" aria-hidden="true">
      <rect class={kindClasses[props.kind]} width="8" height="8" rx="2" fill={kindFills[props.kind]} />
    </svg>
  );
}

/** A bar, count and share per kind. One-hour cache writes are a nested row below the cache writes. */
export function TokenKindTable(props: BarProps & { oneHour: number }): JSX.Element {
  const total = () => sumTokens(props.counts);
  return (
    <dl class="kind-table" aria-label={text.sessionDetail.tokenKinds}>
      <Index each={tokenKinds}>
        {(kind) => (
          <>
            <KindRow name={text.tokenKinds[kind()]} kind={kind()} count={props.counts[kind()]} share={kindShare(props.counts, kind())} label={props.label} />
            <Show when={kind() === 'cacheCreationTokens' && props.oneHour > 0}>
              <KindRow name={text.tokenKinds.oneHour} kind={kind()} count={props.oneHour} share={props.oneHour / total()} label={props.label} isNested />
            </Show>
          </>
        )}
      </Index>
    </dl>
  );
}

interface RowProps {
  name: string;
  kind: TokenKind;
  count: number;
  share: number;
  label: string;
  /** True if the row is a part of the row above. */
  isNested?: boolean;
}

function KindRow(props: RowProps): JSX.Element {
  return (
    <div class="kind-table__row" classList={{ 'kind-table__row--nested': props.isNested }} title={props.isNested ? text.tokenKinds.oneHourTitle : undefined}>
      <dt>{props.name}</dt>
      <dd data-figure>
        <svg class="kind-bar" width="100%" height="8" aria-hidden="true">
          <rect class="kind-bar__track" width="100%" height="8" />
          <rect class={kindClasses[props.kind]} width={percent(props.share)} height="8" fill={kindFills[props.kind]} />
        </svg>
        <span class="kind-table__count">{formatNumber(props.count)}</span>
        <span class="visually-hidden">, {props.label},</span>
        <span class="kind-table__share">{formatPercent(props.share)}</span>
      </dd>
    </div>
  );
}
