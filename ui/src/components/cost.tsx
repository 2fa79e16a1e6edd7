// Costs, always API-equivalent and together with the tokens that have no price. A partial cost is never shown as a
// complete one.
import { type JSX, Show } from 'solid-js';
import { formatCompact, formatDollars, formatNumber } from '../lib/format';
import { text } from '../strings';
import { LabeledFigure } from './labeled-figure';

export interface CostFields {
  totalCost: number | null;
  unpricedTokens: number;
}

/** Returns true if there is a cost or unpriced tokens. */
export function hasCost(cost: CostFields): boolean {
  return cost.totalCost !== null || cost.unpricedTokens > 0;
}

/** The cost with its label, and the unpriced tokens. Empty if there is neither. */
export function Cost(props: { cost: CostFields; testid?: string }): JSX.Element {
  return (
    <>
      <Show when={props.cost.totalCost !== null}>
        <LabeledFigure class="cost" label={text.apiEquivalent} title={text.apiEquivalentTitle} testid={props.testid}>
          {formatDollars(props.cost.totalCost ?? 0)}
        </LabeledFigure>
      </Show>
      <Show when={props.cost.totalCost !== null && props.cost.unpricedTokens > 0}>, </Show>
      <Unpriced cost={props.cost} />
    </>
  );
}

/** The number of tokens without a known price. */
export function Unpriced(props: { cost: CostFields }): JSX.Element {
  return (
    <Show when={props.cost.unpricedTokens > 0}>
      <span class="cost" data-figure data-testid="unpriced" title={`${formatNumber(props.cost.unpricedTokens)} – ${text.unpricedTitle}`}>
        {text.unpricedTokens(formatCompact(props.cost.unpricedTokens))}
      </span>
    </Show>
  );
}

/** The cost in a column. */
export function CostCell(props: { cost: CostFields }): JSX.Element {
  return (
    <Show when={shortCostText(props.cost)}>
      {(words) => (
        <Show when={props.cost.totalCost !== null} fallback={<span data-figure title={text.unpricedTitle}>{words()}</span>}>
          <LabeledFigure label={text.apiEquivalent} title={text.apiEquivalentTitle}>
            {words()}
          </LabeledFigure>
        </Show>
      )}
    </Show>
  );
}

/** Returns the text of a cost column; null if there is nothing to price. */
export function shortCostText(cost: CostFields): string | null {
  if (cost.totalCost === null) return cost.unpricedTokens > 0 ? text.unpriced : null;
  const amount = formatDollars(cost.totalCost);
  return cost.unpricedTokens > 0 ? text.partlyUnpriced(amount) : amount;
}
