// A heatmap of the year up to the last day of the range.
import { createMemo, For, type JSX, Show } from 'solid-js';
import type { History } from '../../bindings/History';
import type { WeekStart } from '../../bindings/WeekStart';
import { Heatmap } from '../../charts/heatmap';
import { createHeatScale } from '../../charts/scale';
import { StaleNote } from '../../components/status-notes';
import { type DayNumber, firstWeekday, formatDay, parseDay } from '../../lib/calendar-day';
import { formatCompact } from '../../lib/format';
import type { Query } from '../../lib/query';
import { text } from '../../strings';
import { spanLabel } from './day-chart';
import { amountIn, indexByDay, layoutYear, type Measure, monthLabels } from './day-chart-layout';
import type { DaySpan } from './history-bins';

interface YearProps {
  year: Query<History>;
  measure: Measure;
  weekStart: WeekStart;
  pointed: DaySpan | null;
  onPoint: (span: DaySpan | null) => void;
  /** True to show the pointed day in the heading. */
  showsPointed?: boolean;
}

export function YearHeatmap(props: YearProps): JSX.Element {
  const days = createMemo(() => indexByDay(props.year.data()?.days ?? []));
  const pointedText = () => {
    const day = props.showsPointed ? props.pointed?.first : undefined;
    if (day === undefined) return null;
    return text.history.dayLabel(formatDay(day), text.tokens(formatCompact(days().get(day)?.amount.tokens ?? 0)));
  };
  return (
    <section class="card year-heatmap" aria-labelledby="year-heading">
      <div class="section-header">
        <h2 id="year-heading">{pointedText() ?? text.history.year}</h2>
        <HeatLegend />
      </div>
      <StaleNote failure={props.year.failure()} message={props.year.data() === null ? text.history.yearFailed : undefined} onRetry={() => props.year.refetch()} />
      <Show when={props.year.data()}>{(year) => <YearSquares {...props} history={year()} />}</Show>
    </section>
  );
}

const daySpan = (day: DayNumber | null) => (day === null ? null : { first: day, last: day });

/** The colors from the least to the most. */
function HeatLegend(): JSX.Element {
  return (
    <span class="heat-legend tiny" aria-hidden="true">
      {text.history.less}
      <For each={[0, 1, 2, 3, 4]}>
        {(step) => (
          <svg width="9" height="9">
            <rect class={`heatmap__square--${step}`} width="9" height="9" rx="2" />
          </svg>
        )}
      </For>
      {text.history.more}
    </span>
  );
}

function YearSquares(props: YearProps & { history: History }): JSX.Element {
  const last = () => parseDay(props.history.to) ?? 0;
  const first = () => firstWeekday(props.weekStart);
  const layout = createMemo(() => layoutYear(last(), first()));
  const days = createMemo(() => indexByDay(props.history.days));
  const heatStep = createMemo(() => createHeatScale(props.history.days.map((day) => amountIn(day.amount, props.measure))));
  const cells = createMemo(() =>
    layout().map((cell) => {
      const amount = days().get(cell.day)?.amount ?? null;
      const value = amount === null ? 0 : amountIn(amount, props.measure);
      return { week: cell.week, day: cell.row, step: heatStep()(value), label: spanLabel({ first: cell.day, last: cell.day }, amount) };
    }),
  );
  const pointed = () => {
    const span = props.pointed;
    const index = last() - (span !== null && span.first === span.last ? span.first : Infinity);
    return index >= 0 && index < layout().length ? index : null;
  };
  return (
    <Heatmap
      label={text.history.yearTo(formatDay(last()))}
      cells={cells()}
      weeks={(layout()[0]?.week ?? 0) + 1}
      months={monthLabels(layout())}
      pointed={pointed()}
      onPoint={(index) => props.onPoint(daySpan(index === null ? null : (layout()[index]?.day ?? null)))}
    />
  );
}
