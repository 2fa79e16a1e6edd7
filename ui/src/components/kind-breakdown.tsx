// Tokens and cost by kind: two bars in the same fixed order, so that they can be compared by position, and a row for each
// kind. The cost is left out where the cost is unknown or not known by kind.
import { For, type JSX, Show } from 'solid-js';
import type { CostByKind } from '../bindings/CostByKind';
import type { Totals } from '../bindings/Totals';
import { formatCompact, formatDollars, formatNumber, formatPercent } from '../lib/format';
import { type CostKind, costKinds, costOf, costShare, isDividedByKind, kindShare, layoutSegments, sumTokens, type TokenKind, tokenKinds } from '../lib/token-kinds';
import { text } from '../strings';
import './kind-breakdown.css';
import { kindClasses, kindFills } from './kind-patterns';
import { LabeledFigure } from './labeled-figure';
import { type BarPart, StackedBar, Swatch } from './stacked-bar';

interface BreakdownProps {
  totals: Totals;
  /** True to list the one-hour cache writes below the cache writes. */
  showsOneHour?: boolean;
}

export function KindBreakdown(props: BreakdownProps): JSX.Element {
  const costs = () => (isDividedByKind(props.totals.costByKind) ? props.totals.costByKind : null);
  return (
    <div class="kind-breakdown" classList={{ 'has-costs': costs() !== null }}>
      <KindBars totals={props.totals} costs={costs()} />
      <dl class="kind-breakdown__rows">
        <For each={tokenKinds}>
          {(kind) => (
            <>
              <KindRow kind={kind} totals={props.totals} costs={costs()} />
              <Show when={kind === 'cacheCreationTokens' && props.showsOneHour && props.totals.cacheCreation1hTokens > 0}>
                <OneHourRow totals={props.totals} />
              </Show>
            </>
          )}
        </For>
        <Show when={costs()?.other}>
          <OtherRow costs={costs()} />
        </Show>
      </dl>
    </div>
  );
}

/** Returns the parts of a bar. */
function barParts<Kind extends CostKind>(kinds: readonly Kind[], shareOf: (kind: Kind) => number): BarPart[] {
  return layoutSegments(kinds.map(shareOf)).map((segment, at) => {
    const kind = kinds[at] ?? 'other';
    return { ...segment, class: kindClasses[kind], fill: kindFills[kind] };
  });
}

/** The bar of tokens, and the bar of cost below it. A single bar needs no name. */
function KindBars(props: { totals: Totals; costs: CostByKind | null }): JSX.Element {
  return (
    <div class="kind-breakdown__bars tiny" aria-hidden="true">
      <Show when={props.costs}>
        <span>{text.tokensUnit}</span>
      </Show>
      <StackedBar parts={barParts(tokenKinds, (kind) => kindShare(props.totals, kind))} />
      <Show when={props.costs}>
        {(costs) => (
          <>
            <span>{text.costUnit}</span>
            <StackedBar parts={barParts(costKinds, (kind) => costShare(costs(), kind))} />
          </>
        )}
      </Show>
    </div>
  );
}

function KindRow(props: { kind: TokenKind; totals: Totals; costs: CostByKind | null }): JSX.Element {
  const count = () => props.totals[props.kind];
  return (
    <div class="kind-breakdown__row" title={text.tokens(formatNumber(count()))} data-testid="kind">
      <dt>
        <Swatch class={kindClasses[props.kind]} fill={kindFills[props.kind]} />
        {text.tokenKinds[props.kind]}
      </dt>
      <TokenCells totals={props.totals} count={count()} />
      <CostCells costs={props.costs} kind={props.kind} />
    </div>
  );
}

function TokenCells(props: { totals: Totals; count: number }): JSX.Element {
  const share = () => (sumTokens(props.totals) > 0 ? props.count / sumTokens(props.totals) : 0);
  return (
    <dd class="kind-breakdown__tokens">
      <LabeledFigure label={text.provenance[props.totals.label]} title={text.tokens(formatNumber(props.count))}>
        {formatCompact(props.count)}
      </LabeledFigure>
      <Share value={share()} label={text.provenance[props.totals.label]} />
    </dd>
  );
}

function CostCells(props: { costs: CostByKind | null; kind: CostKind }): JSX.Element {
  return (
    <Show when={props.costs}>
      {(costs) => (
        <dd class="kind-breakdown__cost">
          <LabeledFigure label={text.apiEquivalent} title={text.apiEquivalentTitle}>
            {formatDollars(costOf(costs(), props.kind))}
          </LabeledFigure>
          <Share value={costShare(costs(), props.kind)} label={text.apiEquivalent} />
        </dd>
      )}
    </Show>
  );
}

/** A share. Its label is read, but not shown. */
function Share(props: { value: number; label: string }): JSX.Element {
  return (
    <span class="kind-breakdown__share" data-figure>
      {formatPercent(props.value)}
      <span class="visually-hidden">, {props.label}</span>
    </span>
  );
}

/** The part of the cache writes that is cached for one hour. Its cost is part of theirs. */
function OneHourRow(props: { totals: Totals }): JSX.Element {
  return (
    <div class="kind-breakdown__row kind-breakdown__row--nested" title={text.tokenKinds.oneHourTitle}>
      <dt>{text.tokenKinds.oneHour}</dt>
      <TokenCells totals={props.totals} count={props.totals.cacheCreation1hTokens} />
    </div>
  );
}

/** The part of the cost that belongs to no kind of token. */
function OtherRow(props: { costs: CostByKind | null }): JSX.Element {
  return (
    <div class="kind-breakdown__row" title={text.tokenKinds.otherTitle} data-testid="other-cost">
      <dt>
        <Swatch class={kindClasses.other} fill={kindFills.other} />
        {text.tokenKinds.other}
      </dt>
      <CostCells costs={props.costs} kind="other" />
    </div>
  );
}
