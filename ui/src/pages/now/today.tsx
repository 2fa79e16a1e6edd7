// Usage today with its cost, and comparisons with other days. The heading labels both columns; every figure repeats its
// label for screen readers.
import { type JSX, Show } from 'solid-js';
import type { Amount } from '../../bindings/Amount';
import type { DayStats } from '../../bindings/DayStats';
import { AnimatedNumber } from '../../components/animated-number';
import { Unpriced } from '../../components/cost';
import { LabeledFigure } from '../../components/labeled-figure';
import { TokenKindBar } from '../../components/token-kind-charts';
import { UnderLoggedNote } from '../../components/under-logged-note';
import { useSnapshot } from '../../lib/contexts';
import { formatCompact, formatDollars, formatNumber } from '../../lib/format';
import { sumTokens } from '../../lib/token-kinds';
import { text } from '../../strings';
import { compareWithYesterday } from './comparison';

export function Today(): JSX.Element {
  const snapshot = useSnapshot();
  const today = () => snapshot().today;
  const label = () => text.provenance[today().label];
  const messages = () => text.messages(formatNumber(today().messageCount), today().messageCount);
  return (
    <section class="today" aria-labelledby="today-heading">
      <div class="section-header">
        <div class="today__title">
          <h2 id="today-heading">{text.now.today}</h2>
          <LabeledFigure class="caption" label={label()} hideLabel>
            {messages()}
          </LabeledFigure>
        </div>
        <span class="provenance" title={text.usageColumnsTitle}>
          {text.usageColumns}
        </span>
      </div>
      <p class="row-between headline">
        <LabeledFigure label={label()} hideLabel>
          <AnimatedNumber value={today().totalTokens} /> <span class="headline__unit">{text.tokensUnit}</span>
        </LabeledFigure>
        <Show when={today().totalCost !== null}>
          <LabeledFigure class="today__cost" label={text.apiEquivalent} title={text.apiEquivalentTitle} hideLabel testid="today-cost">
            <strong>{formatDollars(today().totalCost ?? 0)}</strong>
          </LabeledFigure>
        </Show>
      </p>
      <p class="caption">
        <Unpriced cost={today()} />
      </p>
      <DayComparisons />
      <TokenKinds today={today()} />
    </section>
  );
}

/** The comparison with yesterday at the same time, and with a typical full day. */
function DayComparisons(): JSX.Element {
  const snapshot = useSnapshot();
  const comparison = () => snapshot().compared;
  const withYesterday = () => compareWithYesterday(snapshot().today.totalTokens, comparison().yesterdayByNow.tokens);
  return (
    <div class="today__comparison" data-testid="comparison">
      <Show when={withYesterday()}>{(description) => <OtherDay description={description()} amount={comparison().yesterdayByNow} />}</Show>
      <Show when={comparison().usual}>{(amount) => <OtherDay description={text.now.comparison.typicalDay} title={text.now.comparison.typicalDayTitle} amount={amount()} />}</Show>
    </div>
  );
}

/** Another day in the columns of today; a day without usage shows only its text. */
function OtherDay(props: { description: string; title?: string; amount: Amount }): JSX.Element {
  return (
    <p class="today__other-day">
      <LabeledFigure label={text.provenance.measured} title={props.title} hideLabel>
        {props.description}
      </LabeledFigure>
      <Show when={props.amount.tokens > 0}>
        <LabeledFigure class="today__other-tokens" label={text.provenance.measured} title={text.tokens(formatNumber(props.amount.tokens))} hideLabel>
          {formatCompact(props.amount.tokens)}
        </LabeledFigure>
        <OtherDayCost cost={props.amount.cost} />
      </Show>
    </p>
  );
}

function OtherDayCost(props: { cost: number | null }): JSX.Element {
  return (
    <Show when={props.cost !== null} fallback={<span class="today__other-cost" data-figure>{text.unpriced}</span>}>
      <LabeledFigure class="today__other-cost" label={text.apiEquivalent} hideLabel>
        {formatDollars(props.cost ?? 0)}
      </LabeledFigure>
    </Show>
  );
}

function TokenKinds(props: { today: DayStats }): JSX.Element {
  return (
    <div class="today__kinds">
      <Show when={sumTokens(props.today) > 0} fallback={<p class="text-muted">{text.now.nothingToday}</p>}>
        <TokenKindBar counts={props.today} label={text.provenance[props.today.label]} />
      </Show>
      <UnderLoggedNote messages={props.today.underLoggedMessages} />
    </div>
  );
}
