// The streak, the best day and the number of active days of the year, as tiles.
import { createMemo, type JSX, Show } from 'solid-js';
import type { History } from '../../bindings/History';
import { LabeledFigure } from '../../components/labeled-figure';
import { formatShortDay, parseDay } from '../../lib/calendar-day';
import { formatCompact, formatCompactDollars, formatNumber } from '../../lib/format';
import { text } from '../../strings';
import { indexByDay, type Measure } from './day-chart-layout';
import { yearFacts } from './year-facts';

export function YearTiles(props: { year: History; measure: Measure }): JSX.Element {
  const facts = createMemo(() => yearFacts(indexByDay(props.year.days), parseDay(props.year.to) ?? 0, props.measure));
  const amountLabel = () => (props.measure === 'tokens' ? text.provenance.measured : text.apiEquivalent);
  return (
    <ul class="year-tiles" data-testid="year-tiles">
      <li class="card">
        <span class="tiny">{text.history.streak}</span>
        <LabeledFigure class="year-tiles__value" label={text.provenance.measured}>
          {text.history.days(formatNumber(facts().streak), facts().streak)}
        </LabeledFigure>
      </li>
      <Show when={facts().best}>
        {(best) => (
          <li class="card">
            <span class="tiny">
              {text.history.bestDay} <time>{formatShortDay(best().day)}</time>
            </span>
            <LabeledFigure class="year-tiles__value" label={amountLabel()}>
              {props.measure === 'tokens' ? formatCompact(best().value) : formatCompactDollars(best().value)}
            </LabeledFigure>
          </li>
        )}
      </Show>
      <li class="card">
        <span class="tiny">{text.history.activeDays}</span>
        <LabeledFigure class="year-tiles__value" label={text.provenance.measured}>
          {formatNumber(facts().activeDays)}
        </LabeledFigure>
      </li>
    </ul>
  );
}
