// What tokens would have cost, always as API-equivalent, with the tokens no price is known for beside it.
// It refuses to show a cost that lacks a part as if it were whole.
import { Show, type JSX } from 'solid-js';
import { compact, dollars, exact } from '../format';
import { text } from '../text';
import { Labelled } from './labelled';

export interface Costly {
  totalCost: number | null;
  unpricedTokens: number;
}

/** Whether there is anything to say of it. */
export function hasCost(of: Costly): boolean {
  return of.totalCost !== null || of.unpricedTokens > 0;
}

/** The cost in full words, and what is unpriced. Nothing, where there is neither. */
export function Cost(props: { of: Costly; testid?: string }): JSX.Element {
  return (
    <>
      <Show when={props.of.totalCost !== null}>
        <span class="cost" data-figure data-testid={props.testid} title={text.apiEquivalentTitle}>
          {text.costLabelled(dollars(props.of.totalCost ?? 0))}
        </span>
      </Show>
      <Show when={props.of.totalCost !== null && props.of.unpricedTokens > 0}>, </Show>
      <Unpriced of={props.of} />
    </>
  );
}

/** The tokens no price is known for. */
export function Unpriced(props: { of: Costly }): JSX.Element {
  return (
    <Show when={props.of.unpricedTokens > 0}>
      <span class="cost" data-figure data-testid="unpriced" title={`${exact(props.of.unpricedTokens)} – ${text.unpricedTitle}`}>
        {text.unpricedTokens(compact(props.of.unpricedTokens))}
      </span>
    </Show>
  );
}

/** The same in a column, under a heading that says API-equivalent. */
export function CostCell(props: { of: Costly }): JSX.Element {
  return (
    <Show when={shortCost(props.of)}>
      {(words) => (
        <Show when={props.of.totalCost !== null} fallback={<span data-figure title={text.unpricedTitle}>{words()}</span>}>
          <Labelled label={text.apiEquivalent} title={text.apiEquivalentTitle} heard>
            {words()}
          </Labelled>
        </Show>
      )}
    </Show>
  );
}

/** What stands in a cost's column; null where there is nothing to price. */
export function shortCost(of: Costly): string | null {
  if (of.totalCost === null) return of.unpricedTokens > 0 ? text.unpriced : null;
  const amount = dollars(of.totalCost);
  return of.unpricedTokens > 0 ? text.partUnpriced(amount) : amount;
}
