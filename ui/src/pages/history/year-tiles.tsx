// The streak, the best day and the busiest hour of the year, as tiles.
import { createMemo, type JSX, Show } from 'solid-js';
import type { History } from '../../bindings/History';
import { LabeledFigure } from '../../components/labeled-figure';
import { formatShortDay, parseDay } from '../../lib/calendar-day';
import { formatCompact, formatCompactDollars, formatNumber, formatPercent } from '../../lib/format';
import { formatHour } from '../../lib/time';
import { text } from '../../strings';
import { indexByDay, type Measure } from './day-chart-layout';
import { busiestHour, yearFacts } from './year-facts';

interface TilesProps {
  year: History;
  measure: Measure;
}

export function YearTiles(props: TilesProps): JSX.Element {
  const facts = createMemo(() => yearFacts(indexByDay(props.year.days), parseDay(props.year.to) ?? 0, props.measure));
  const hour = createMemo(() => busiestHour(props.year.hours, props.measure));
  const amountLabel = () => (props.measure === 'tokens' ? text.provenance.measured : text.apiEquivalent);
  const formatValue = (value: number) => (props.measure === 'tokens' ? formatCompact(value) : formatCompactDollars(value));
  return (
    <ul class="year-tiles" data-testid="year-tiles">
      <Tile
        name={text.history.streak}
        value={text.history.days(formatNumber(facts().streak), facts().streak)}
        detail={text.history.activeDays(formatNumber(facts().activeDays))}
        label={text.provenance.measured}
      />
      <Show when={facts().best}>
        {(best) => <Tile name={text.history.bestDay} value={formatValue(best().value)} detail={formatShortDay(best().day)} label={amountLabel()} />}
      </Show>
      <Show when={hour()}>
        {(busiest) => (
          <Tile name={text.history.busiestHour} value={formatHour(busiest().hour)} detail={text.history.ofYear(formatPercent(busiest().share))} label={amountLabel()} />
        )}
      </Show>
    </ul>
  );
}

interface TileProps {
  name: string;
  value: string;
  detail: string;
  /** The provenance of the value and of its detail. */
  label: string;
}

function Tile(props: TileProps): JSX.Element {
  return (
    <li class="card year-tiles__tile">
      <span class="tiny">{props.name}</span>
      <LabeledFigure class="year-tiles__value" label={props.label}>
        {props.value}
      </LabeledFigure>
      <LabeledFigure class="tiny" label={props.label}>
        {props.detail}
      </LabeledFigure>
    </li>
  );
}
