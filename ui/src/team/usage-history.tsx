// The usage of the team in a range: figures, a chart of days, and the parts into which it is divided.
import { createMemo, createSignal, type JSX, Match, Show, Switch } from 'solid-js';
import type { History } from '../bindings/History';
import type { HistoryPart } from '../bindings/HistoryPart';
import { RadioGroup } from '../components/radio-group';
import { EmptyNote, LoadError, LoadingNote, StaleNote } from '../components/status-notes';
import { type TeamSplit, teamSplits } from '../host/team';
import { firstWeekday } from '../lib/calendar-day';
import { formatNumber } from '../lib/format';
import { createQuery } from '../lib/query';
import { sanitizeName, shortModelName } from '../lib/sanitize';
import { DAY } from '../lib/time';
import { type PartLabel, PartsList } from '../pages/history/breakdown-list';
import { type RangeName, rangeNames, resolveRange } from '../pages/history/date-range';
import { DayChart } from '../pages/history/day-chart';
import { indexByDay, type Measure } from '../pages/history/day-chart-layout';
import { binHistory, createBin, type DaySpan } from '../pages/history/history-bins';
import { HistoryReadout } from '../pages/history/history-readout';
import { text } from '../strings';
import { teamText } from '../strings/team';
import { refetchEachMinute, useTeam } from './team-context';
import '../pages/history/history.css';

type TeamRange = Exclude<RangeName, 'custom'>;

const teamRanges = rangeNames.filter((range): range is TeamRange => range !== 'custom');

interface UsageHistoryProps {
  /** The splits to choose from. With one, there is no choice. */
  splits?: readonly TeamSplit[];
  /** Shown beside the choices, for the first day of the range; null for all days. */
  actions?: (since: string | null) => JSX.Element;
  /** Changes when the usage has to be read again. */
  revision?: number;
}

export function UsageHistory(props: UsageHistoryProps): JSX.Element {
  const { host, now } = useTeam();
  const splits = () => props.splits ?? teamSplits;
  const [range, setRange] = createSignal<TeamRange>('month');
  const [measure, setMeasure] = createSignal<Measure>('tokens');
  const [split, setSplit] = createSignal<TeamSplit>(splits()[0] ?? 'member');
  // Days of a hub are UTC days.
  const since = () => resolveRange(range(), Math.floor(now() / DAY), { from: null, to: null }).from;
  const key = createMemo(() => `${split()} ${since() ?? ''} ${props.revision ?? 0}`);
  const query = createQuery(key, async () => {
    const by = split();
    return { by, history: await host.history(by, since()) };
  });
  refetchEachMinute(query);
  const splitPicker = () => (
    <Show when={splits().length > 1}>
      <RadioGroup
        label={text.history.splitBy}
        options={splits().map((value) => ({ value, label: teamText.splits[value] }))}
        chosen={split()}
        choose={setSplit}
        testid="choose-by"
      />
    </Show>
  );
  return (
    <div class="page-stack history">
      <div class="history__controls">
        <RadioGroup
          label={text.history.range}
          options={teamRanges.map((value) => ({ value, label: <time>{text.history.ranges[value]}</time> }))}
          chosen={range()}
          choose={setRange}
          testid="choose-range"
        />
        <div class="history__choices">
          <MeasurePicker measure={measure()} choose={setMeasure} />
          {props.actions?.(since())}
        </div>
      </div>
      <Switch fallback={<LoadingNote message={teamText.loading} />}>
        <Match when={query.data()}>
          {(data) => (
            <>
              <StaleNote failure={query.failure()} onRetry={() => query.refetch()} />
              <Show when={data().history.days.length > 0} fallback={<EmptyNote message={teamText.none} hint={teamText.noneHint} />}>
                <HistoryCards history={data().history} by={data().by} measure={measure()} picker={splitPicker()} />
              </Show>
            </>
          )}
        </Match>
        <Match when={query.failure()}>{(failure) => <LoadError message={teamText.failed} failure={failure()} onRetry={() => query.refetch()} />}</Match>
      </Switch>
    </div>
  );
}

function MeasurePicker(props: { measure: Measure; choose: (measure: Measure) => void }): JSX.Element {
  return (
    <RadioGroup
      label={text.history.measure}
      options={[
        { value: 'tokens', label: text.history.tokens },
        { value: 'cost', label: text.history.cost },
      ]}
      chosen={props.measure}
      choose={props.choose}
      testid="choose-measure"
    />
  );
}

interface CardsProps {
  history: History;
  by: TeamSplit;
  measure: Measure;
  picker: JSX.Element;
}

function HistoryCards(props: CardsProps): JSX.Element {
  const [pointed, setPointed] = createSignal<DaySpan | null>(null);
  const days = createMemo(() => indexByDay(props.history.days));
  const binned = createMemo(() => binHistory(props.history, days(), firstWeekday('auto')));
  const pointedBin = createMemo(() => {
    const span = pointed();
    return span === null ? null : createBin(span, days(), props.history.parts.length);
  });
  return (
    <div class="history__content">
      <section class="card history__range">
        <HistoryReadout history={props.history} binned={binned()} measure={props.measure} pointed={pointedBin()} />
        <DayChart history={props.history} binned={binned()} measure={props.measure} pointed={pointed()} onPoint={setPointed} />
        <p class="tiny">{teamText.chartNote}</p>
      </section>
      <PartsList
        history={props.history}
        heading={teamText.parts[props.by]}
        picker={props.picker}
        labels={props.history.parts.map((part) => partLabel(part, props.by))}
        measure={props.measure}
        pointedParts={pointedBin()?.parts ?? null}
      />
    </div>
  );
}

function partLabel(part: HistoryPart, by: TeamSplit): PartLabel {
  if (part.name === null) {
    const short = part.count > 1 ? teamText.others(formatNumber(part.count), by, part.count) : teamText.withoutName[by];
    return { short, full: short };
  }
  const name = sanitizeName(part.name);
  return { short: by === 'model' ? shortModelName(name) : name, full: part.name };
}
