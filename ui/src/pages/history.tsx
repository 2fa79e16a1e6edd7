// The days: bars for the chosen range, divided by model or project, and the year as a field of squares.
// It refuses to add up: totals are the engine's; only heights and shares are made here.
import { createMemo, createSignal, Match, Show, Switch, type JSX } from 'solid-js';
import { createAsked, followChanges, type Asked } from '../asked';
import type { History } from '../bindings/History';
import type { HistoryBy } from '../bindings/HistoryBy';
import type { Snapshot } from '../bindings/Snapshot';
import { ChartTextures } from '../charts/tones';
import { Bars } from '../history/bars';
import { ChooseRange, type Chosen, type ControlsProps } from '../history/controls';
import { dateOf, dayOf, firstWeekday, yearOfWeeks, type DayNumber } from '../history/days';
import { byDay } from '../history/figures';
import { PartsList } from '../history/parts-list';
import { asking } from '../history/range';
import { HistoryReadout } from '../history/readout';
import { Year } from '../history/year';
import type { Host } from '../host/host';
import { Nothing, OldAnswer, Reading, Unreadable } from '../parts/asked-notes';
import { text } from '../text';

interface HistoryProps {
  snapshot: Snapshot;
  host: Host;
}

export function HistoryPage(props: HistoryProps): JSX.Element {
  const today = createMemo(() => dayOf(props.snapshot.today.date) ?? 0);
  const [chosen, setChosen] = createSignal<Chosen>(initial(today()));
  const range = createAskedRange(props, chosen, today);
  const year = createAskedYear(props, chosen, today);
  const controls: ControlsProps = {
    get chosen() {
      return chosen();
    },
    choose: (change) => setChosen({ ...chosen(), ...change }),
  };
  const failed = () => range.failure() !== null || year.failure() !== null;
  followChanges(
    () => props.snapshot,
    failed,
    () => (range.again(), year.again()),
  );
  return (
    <div class="history">
      <ChartTextures />
      <ChooseRange {...controls} />
      <Switch fallback={<Reading words={text.historyPage.loading} />}>
        <Match when={range.answer()}>
          {(answer) => <Days {...props} range={range} history={answer().history} by={answer().by} year={year} controls={controls} />}
        </Match>
        <Match when={range.failure()}>
          {(failure) => <Unreadable words={text.historyPage.failed} failure={failure()} again={() => (range.again(), year.again())} />}
        </Match>
      </Switch>
    </div>
  );
}

/** A month, in tokens by model; dates of one's own begin with that month. */
function initial(today: DayNumber): Chosen {
  return { range: 'month', own: { from: dateOf(today - 29), to: dateOf(today) }, by: 'model', measure: 'tokens' };
}

/** The days, and what they are divided by. */
interface Divided {
  history: History;
  by: HistoryBy;
}

/** What is the same question is not asked twice, only again when something changed. */
function createAskedRange(props: HistoryProps, chosen: () => Chosen, today: () => DayNumber): Asked<Divided> {
  const wish = () => ({ ...asking(chosen().range, today(), chosen().own), by: chosen().by });
  const question = createMemo(() => JSON.stringify(wish()));
  return createAsked(question, async () => {
    const { from, to, by } = wish();
    return { history: await props.host.history(from, to, by), by };
  });
}

/** A year to the last day of the range; by what it is divided does not matter to it. */
function createAskedYear(props: HistoryProps, chosen: () => Chosen, today: () => DayNumber): Asked<History> {
  const last = () => dayOf(asking(chosen().range, today(), chosen().own).to ?? '') ?? today();
  const first = () => yearOfWeeks(last(), firstWeekday(props.snapshot.display.weekStart));
  const question = createMemo(() => `${first()} ${last()}`);
  return createAsked(question, () => props.host.history(dateOf(first()), dateOf(last()), 'model'));
}

interface DaysProps extends HistoryProps {
  range: Asked<Divided>;
  history: History;
  by: HistoryBy;
  year: Asked<History>;
  controls: ControlsProps;
}

function Days(props: DaysProps): JSX.Element {
  const [pointed, point] = createSignal<DayNumber | null>(null);
  const measure = () => props.controls.chosen.measure;
  const days = createMemo(() => byDay(props.history.days));
  const daysOfYear = createMemo(() => byDay(props.year.answer()?.days ?? []));
  const read = () => {
    const day = pointed();
    if (day === null) return null;
    return { day, amount: (days().get(day) ?? daysOfYear().get(day))?.amount ?? { tokens: 0, cost: 0 } };
  };
  /** A day of the year outside the range is not divided: the legend stays with the range. */
  const parts = () => {
    const day = pointed();
    const within = day !== null && day >= (dayOf(props.history.from) ?? 0) && day <= (dayOf(props.history.to) ?? 0);
    return within ? (days().get(day)?.parts ?? []) : null;
  };
  const nothingEver = () => props.history.days.length === 0 && props.controls.chosen.range === 'all';
  return (
    <>
      <OldAnswer failure={props.range.failure()} again={() => props.range.again()} />
      <Show when={!nothingEver()} fallback={<Nothing words={text.historyPage.nothingEver} hint={text.historyPage.nothingEverHint} />}>
        <div class="history-range">
          <HistoryReadout history={props.history} measure={measure()} controls={props.controls} pointed={read()} />
          <Show when={props.history.days.length > 0} fallback={<Nothing words={text.historyPage.none} hint={text.historyPage.noneHint} />}>
            <Bars history={props.history} days={days()} measure={measure()} pointed={pointed()} point={point} />
            <PartsList history={props.history} controls={props.controls} by={props.by} measure={measure()} day={parts()} />
          </Show>
          <Year year={props.year} measure={measure()} weekStart={props.snapshot.display.weekStart} pointed={pointed()} point={point} />
        </div>
      </Show>
    </>
  );
}
