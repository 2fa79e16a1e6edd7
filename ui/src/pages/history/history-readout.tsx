// The figures that lead the page: of the range, or of the pointed day, week or month. Their position is fixed.
import { type JSX, Show } from 'solid-js';
import type { Amount } from '../../bindings/Amount';
import type { History } from '../../bindings/History';
import { Unpriced } from '../../components/cost';
import { LabeledFigure } from '../../components/labeled-figure';
import { formatDayRange, parseDay } from '../../lib/calendar-day';
import { formatCompact, formatDollars, formatNumber } from '../../lib/format';
import { text } from '../../strings';
import { formatSpan } from './day-chart';
import type { Measure } from './day-chart-layout';
import { type BinnedHistory, type HistoryBin, shownSpan } from './history-bins';

interface ReadoutProps {
  history: History;
  binned: BinnedHistory;
  measure: Measure;
  /** The pointed bar or day. */
  pointed: HistoryBin | null;
}

export function HistoryReadout(props: ReadoutProps): JSX.Element {
  const totals = () => props.history.totals;
  const amount = (): Amount => props.pointed?.amount ?? { tokens: totals().totalTokens, cost: totals().totalCost };
  const range = () => formatDayRange(parseDay(props.history.from) ?? 0, parseDay(props.history.to) ?? 0);
  const days = () => {
    const { first, last } = props.pointed ?? shownSpan(props.history);
    return Math.max(1, last - first + 1);
  };
  return (
    <div class="readout" data-testid="history-readout">
      <p class="row-between headline">
        <Show when={props.measure === 'tokens'} fallback={<CostFigure class="headline__figure" cost={amount().cost} />}>
          <TokenFigure class="headline__figure" tokens={amount().tokens} />
        </Show>
        <Show when={props.measure === 'tokens'} fallback={<TokenFigure class="card__figure" tokens={amount().tokens} />}>
          <CostFigure class="card__figure" cost={amount().cost} />
        </Show>
      </p>
      <p class="readout__details">
        <time>{props.pointed === null ? range() : formatSpan(props.pointed)}</time>
        <Show when={props.pointed === null}>
          <LabeledFigure label={text.provenance.measured}>{text.messages(formatNumber(totals().messageCount), totals().messageCount)}</LabeledFigure>
        </Show>
      </p>
      <p class="readout__details tiny">
        <LabeledFigure label={text.provenance.measured}>
          {text.history.perDay(formatCompact(amount().tokens / days()))}
        </LabeledFigure>
        <Show when={props.pointed === null}>
          <Unpriced cost={totals()} />
        </Show>
        <span>{text.history.binUnits[props.binned.unit]}</span>
      </p>
    </div>
  );
}

function TokenFigure(props: { class: string; tokens: number }): JSX.Element {
  return (
    <LabeledFigure class={props.class} label={text.provenance.measured} title={text.tokens(formatNumber(props.tokens))}>
      {formatCompact(props.tokens)}
      <span class="headline__unit card__unit"> {text.tokensUnit}</span>
    </LabeledFigure>
  );
}

function CostFigure(props: { class: string; cost: number | null }): JSX.Element {
  return (
    <Show when={props.cost !== null} fallback={<span class="text-muted">{text.costUnpriced}</span>}>
      <LabeledFigure class={props.class} label={text.apiEquivalent} title={text.apiEquivalentTitle}>
        {formatDollars(props.cost ?? 0)}
      </LabeledFigure>
    </Show>
  );
}
