// What leads the page: the range, or the day that is pointed at. Always in the same place, never over the chart.
import { Show, type JSX } from 'solid-js';
import type { Amount } from '../bindings/Amount';
import type { History } from '../bindings/History';
import { dollars, exact } from '../format';
import { Cost } from '../parts/cost';
import { Labelled } from '../parts/labelled';
import { text } from '../text';
import { ChooseMeasure, type ControlsProps } from './controls';
import { dayName, dayOf, spanName, type DayNumber } from './days';
import type { Measure } from './figures';

interface ReadoutProps {
  history: History;
  measure: Measure;
  controls: ControlsProps;
  /** A day, and what was used on it. */
  pointed: { day: DayNumber; amount: Amount } | null;
}

export function HistoryReadout(props: ReadoutProps): JSX.Element {
  const span = () => spanName(dayOf(props.history.from) ?? 0, dayOf(props.history.to) ?? 0);
  return (
    <section class="readout" data-testid="history-readout">
      <div class="headed">
        <time>{props.pointed === null ? span() : dayName(props.pointed.day)}</time>
        <ChooseMeasure {...props.controls} />
      </div>
      <Show when={props.pointed} fallback={<OfRange history={props.history} measure={props.measure} />}>
        {(pointed) => <OfDay amount={pointed().amount} measure={props.measure} />}
      </Show>
    </section>
  );
}

function OfRange(props: { history: History; measure: Measure }): JSX.Element {
  const totals = () => props.history.totals;
  return (
    <>
      <Lead amount={{ tokens: totals().totalTokens, cost: totals().totalCost }} measure={props.measure} />
      <p class="dim readout-rest">
        <Show when={props.measure === 'tokens'} fallback={<TokensToo tokens={totals().totalTokens} />}>
          <Cost of={totals()} testid="history-cost" />
        </Show>
        <Labelled label={text.label.measured} heard>
          {text.messages(exact(totals().messageCount), totals().messageCount)}
        </Labelled>
      </p>
    </>
  );
}

function OfDay(props: { amount: Amount; measure: Measure }): JSX.Element {
  return (
    <>
      <Lead amount={props.amount} measure={props.measure} />
      <p class="dim readout-rest">
        <Show when={props.measure === 'tokens'} fallback={<TokensToo tokens={props.amount.tokens} />}>
          <Cost of={{ totalCost: props.amount.cost, unpricedTokens: props.amount.cost === null ? props.amount.tokens : 0 }} />
        </Show>
      </p>
    </>
  );
}

function Lead(props: { amount: Amount; measure: Measure }): JSX.Element {
  return (
    <p class="lead">
      <Show
        when={props.measure === 'cost'}
        fallback={
          <Labelled label={text.label.measured}>
            <strong class="figure">{exact(props.amount.tokens)}</strong> <span class="unit">{text.tokensToday}</span>
          </Labelled>
        }
      >
        <LeadingCost cost={props.amount.cost} />
      </Show>
    </p>
  );
}

function LeadingCost(props: { cost: number | null }): JSX.Element {
  return (
    <Show when={props.cost !== null} fallback={<span class="figure quiet">{text.costUnpriced}</span>}>
      <Labelled label={text.apiEquivalent} labelTitle={text.apiEquivalentTitle}>
        <strong class="figure">{dollars(props.cost ?? 0)}</strong>
      </Labelled>
    </Show>
  );
}

function TokensToo(props: { tokens: number }): JSX.Element {
  return <Labelled label={text.label.measured}>{text.tokens(exact(props.tokens))}</Labelled>;
}
