// The four token kinds as a stacked bar with a legend. Each kind has a color; patterns replace some of them with more
// contrast and with forced colors.
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

/** A stacked bar of the four kinds, with a legend. One-hour cache writes are a nested entry below the cache writes. */
export function TokenKindBar(props: BarProps & { oneHour?: number }): JSX.Element {
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
        <Index each={tokenKinds}>
          {(kind) => (
            <>
              <LegendEntry kind={kind()} counts={props.counts} label={props.label} />
              <Show when={kind() === 'cacheCreationTokens' && (props.oneHour ?? 0) > 0}>
                <OneHourEntry {...props} count={props.oneHour ?? 0} />
              </Show>
            </>
          )}
        </Index>
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

/** The part of the cache writes that is cached for one hour. */
function OneHourEntry(props: BarProps & { count: number }): JSX.Element {
  return (
    <div class="kind-legend__entry kind-legend__entry--nested" title={text.tokenKinds.oneHourTitle}>
      <dt>{text.tokenKinds.oneHour}</dt>
      <dd data-figure title={formatNumber(props.count)}>
        {formatCompact(props.count)}
        <span class="visually-hidden">, {props.label},</span>
        <span class="kind-legend__share">{formatPercent(props.count / sumTokens(props.counts))}</span>
      </dd>
    </div>
  );
}
