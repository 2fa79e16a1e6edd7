// The figures that lead the page: of the range, or of the pointed day. Their position is fixed.
import { type JSX, Show } from 'solid-js';
import type { Amount } from '../../bindings/Amount';
import type { History } from '../../bindings/History';
import { Cost } from '../../components/cost';
import { LabeledFigure } from '../../components/labeled-figure';
import { type DayNumber, formatDay, formatDayRange, parseDay } from '../../lib/calendar-day';
import { formatDollars, formatNumber } from '../../lib/format';
import { text } from '../../strings';
import type { Measure } from './day-chart-layout';
import { type ControlsProps, MeasurePicker } from './history-controls';

interface ReadoutProps {
  history: History;
  measure: Measure;
  controls: ControlsProps;
  /** The pointed day and its usage. */
  pointed: { day: DayNumber; amount: Amount } | null;
}

export function HistoryReadout(props: ReadoutProps): JSX.Element {
  const span = () => formatDayRange(parseDay(props.history.from) ?? 0, parseDay(props.history.to) ?? 0);
  return (
    <section class="readout" data-testid="history-readout">
      <div class="section-header">
        <time>{props.pointed === null ? span() : formatDay(props.pointed.day)}</time>
        <MeasurePicker {...props.controls} />
      </div>
      <Show when={props.pointed} fallback={<RangeTotals history={props.history} measure={props.measure} />}>
        {(pointed) => <DayTotals amount={pointed().amount} measure={props.measure} />}
      </Show>
    </section>
  );
}

function RangeTotals(props: { history: History; measure: Measure }): JSX.Element {
  const totals = () => props.history.totals;
  return (
    <>
      <Headline amount={{ tokens: totals().totalTokens, cost: totals().totalCost }} measure={props.measure} />
      <p class="text-muted readout__details">
        <Show when={props.measure === 'tokens'} fallback={<SecondaryTokens tokens={totals().totalTokens} />}>
          <Cost cost={totals()} testid="history-cost" />
        </Show>
        <LabeledFigure label={text.provenance.measured} hideLabel>
          {text.messages(formatNumber(totals().messageCount), totals().messageCount)}
        </LabeledFigure>
      </p>
    </>
  );
}

function DayTotals(props: { amount: Amount; measure: Measure }): JSX.Element {
  return (
    <>
      <Headline amount={props.amount} measure={props.measure} />
      <p class="text-muted readout__details">
        <Show when={props.measure === 'tokens'} fallback={<SecondaryTokens tokens={props.amount.tokens} />}>
          <Cost cost={{ totalCost: props.amount.cost, unpricedTokens: props.amount.cost === null ? props.amount.tokens : 0 }} />
        </Show>
      </p>
    </>
  );
}

function Headline(props: { amount: Amount; measure: Measure }): JSX.Element {
  return (
    <p class="headline">
      <Show
        when={props.measure === 'cost'}
        fallback={
          <LabeledFigure label={text.provenance.measured}>
            <strong class="headline__figure">{formatNumber(props.amount.tokens)}</strong> <span class="headline__unit">{text.tokensUnit}</span>
          </LabeledFigure>
        }
      >
        <HeadlineCost cost={props.amount.cost} />
      </Show>
    </p>
  );
}

function HeadlineCost(props: { cost: number | null }): JSX.Element {
  return (
    <Show when={props.cost !== null} fallback={<span class="headline__figure headline__figure--muted">{text.costUnpriced}</span>}>
      <LabeledFigure label={text.apiEquivalent} labelTitle={text.apiEquivalentTitle}>
        <strong class="headline__figure">{formatDollars(props.cost ?? 0)}</strong>
      </LabeledFigure>
    </Show>
  );
}

function SecondaryTokens(props: { tokens: number }): JSX.Element {
  return <LabeledFigure label={text.provenance.measured}>{text.tokens(formatNumber(props.tokens))}</LabeledFigure>;
}
