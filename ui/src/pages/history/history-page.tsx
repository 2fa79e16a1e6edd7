// The History page: a chart of the chosen range, split into parts, and a heatmap of the year. Totals come from
// the engine.
import { createEffect, createMemo, createSignal, type JSX, Match, Show, Switch } from 'solid-js';
import type { History } from '../../bindings/History';
import type { HistoryBy } from '../../bindings/HistoryBy';
import { ChartPatterns } from '../../charts/legend';
import { EmptyNote, LoadError, LoadingNote, StaleNote } from '../../components/status-notes';
import type { Host } from '../../host/host';
import { type DayNumber, firstWeekday, parseDay, toIsoDate, yearStart } from '../../lib/calendar-day';
import { useHost, useSnapshot } from '../../lib/contexts';
import { createQuery, type Query, refetchOnRevision } from '../../lib/query';
import { text } from '../../strings';
import { BreakdownList } from './breakdown-list';
import { type RangeName, resolveRange } from './date-range';
import { DayChart } from './day-chart';
import { indexByDay } from './day-chart-layout';
import { binHistory, createBin, type DaySpan } from './history-bins';
import { type ControlsProps, type HistoryChoice, RangePicker } from './history-controls';
import { HistoryReadout } from './history-readout';
import { YearHeatmap } from './year-heatmap';
import { YearTiles } from './year-tiles';
import './history.css';

export function HistoryPage(): JSX.Element {
  const snapshot = useSnapshot();
  const host = useHost();
  const today = createMemo(() => parseDay(snapshot().today.date) ?? 0);
  const [choice, setChoice] = createSignal<HistoryChoice>(defaultChoice(today()));
  const range = createRangeQuery(host, choice, today);
  const year = createYearQuery(host, choice, today, () => firstWeekday(snapshot().display.weekStart));
  const controls: ControlsProps = {
    get choice() {
      return choice();
    },
    onChange: (change) => {
      isChosen = true;
      setChoice({ ...choice(), ...change });
    },
  };
  let isChosen = false;
  // The page does not start empty: until a range is chosen, an empty one is replaced by a longer one.
  createEffect(() => {
    const [data, longer] = [range.data(), longerRange[choice().range]];
    if (isChosen || longer === undefined || data === null || data.range !== choice().range || data.history.days.length > 0) return;
    setChoice({ ...choice(), range: longer });
  });
  const refetch = () => {
    range.refetch();
    year.refetch();
  };
  refetchOnRevision(snapshot, () => range.failure() !== null || year.failure() !== null, refetch);
  return (
    <div class="page-stack history">
      <ChartPatterns />
      <RangePicker {...controls} range={resolveRange(choice().range, today(), choice().customDates)} />
      <Switch fallback={<LoadingNote message={text.history.loading} />}>
        <Match when={range.data()}>
          {(data) => <HistoryContent range={range} history={data().history} by={data().by} year={year} controls={controls} />}
        </Match>
        <Match when={range.failure()}>
          {(failure) => <LoadError message={text.history.failed} failure={failure()} onRetry={refetch} />}
        </Match>
      </Switch>
    </div>
  );
}

/** Returns the initial choice: a month in tokens by model. Custom dates start with that month. */
function defaultChoice(today: DayNumber): HistoryChoice {
  return { range: 'month', customDates: { from: toIsoDate(today - 29), to: toIsoDate(today) }, by: 'model', measure: 'tokens' };
}

/** The ranges to show instead of an empty one. */
const longerRange: Partial<Record<RangeName, RangeName>> = { month: 'year', year: 'all' };

/** The days, the range they are of, and the kind of parts they are split into. */
interface SplitHistory {
  history: History;
  range: RangeName;
  by: HistoryBy;
}

/** Queries the chosen range. Compared by value, so that an equal choice is not fetched again. */
function createRangeQuery(host: Host, choice: () => HistoryChoice, today: () => DayNumber): Query<SplitHistory> {
  const request = () => ({ ...resolveRange(choice().range, today(), choice().customDates), by: choice().by });
  const key = createMemo(() => JSON.stringify(request()));
  return createQuery(key, async () => {
    const { from, to, by } = request();
    const range = choice().range;
    return { history: await host.history(from, to, by), range, by };
  });
}

/** Queries a year up to the last day of the range. */
function createYearQuery(host: Host, choice: () => HistoryChoice, today: () => DayNumber, weekStart: () => number): Query<History> {
  const last = () => parseDay(resolveRange(choice().range, today(), choice().customDates).to ?? '') ?? today();
  const first = () => yearStart(last(), weekStart());
  const key = createMemo(() => `${first()} ${last()}`);
  return createQuery(key, () => host.history(toIsoDate(first()), toIsoDate(last()), 'model'));
}

interface ContentProps {
  range: Query<SplitHistory>;
  history: History;
  by: HistoryBy;
  year: Query<History>;
  controls: ControlsProps;
}

function HistoryContent(props: ContentProps): JSX.Element {
  const snapshot = useSnapshot();
  const [pointed, setPointed] = createSignal<DaySpan | null>(null);
  const measure = () => props.controls.choice.measure;
  const weekStart = () => snapshot().display.weekStart;
  const days = createMemo(() => indexByDay(props.history.days));
  const daysOfYear = createMemo(() => indexByDay(props.year.data()?.days ?? []));
  const binned = createMemo(() => binHistory(props.history, days(), firstWeekday(weekStart())));
  const isInRange = (span: DaySpan) => span.first >= (parseDay(props.history.from) ?? 0) && span.last <= (parseDay(props.history.to) ?? 0);
  /** Returns the pointed bar or day. A day outside the range has no parts. */
  const pointedBin = createMemo(() => {
    const span = pointed();
    if (span === null) return null;
    return isInRange(span) ? createBin(span, days(), props.history.parts.length) : createBin(span, daysOfYear(), 0);
  });
  const pointedParts = () => {
    const bin = pointedBin();
    return bin !== null && isInRange(bin) ? bin.parts : null;
  };
  const hasNoUsage = () => props.history.days.length === 0 && props.controls.choice.range === 'all';
  return (
    <>
      <StaleNote failure={props.range.failure()} onRetry={() => props.range.refetch()} />
      <Show when={!hasNoUsage()} fallback={<EmptyNote message={text.history.none} hint={text.history.noneHint} />}>
        <div class="history__content">
          <section class="card history__range">
            <HistoryReadout history={props.history} binned={binned()} measure={measure()} pointed={pointedBin()} />
            <Show when={props.history.days.length > 0} fallback={<EmptyNote message={text.history.noneInRange} hint={text.history.noneInRangeHint} />}>
              <DayChart history={props.history} binned={binned()} measure={measure()} pointed={pointed()} onPoint={setPointed} />
            </Show>
          </section>
          <YearHeatmap year={props.year} measure={measure()} weekStart={weekStart()} pointed={pointed()} onPoint={setPointed} />
          <Show when={props.year.data()}>{(year) => <YearTiles year={year()} measure={measure()} />}</Show>
          <Show when={props.history.days.length > 0}>
            <BreakdownList history={props.history} controls={props.controls} by={props.by} measure={measure()} pointedParts={pointedParts()} />
          </Show>
        </div>
      </Show>
    </>
  );
}
