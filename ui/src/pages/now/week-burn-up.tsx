// The burn-up chart of the official week, in percent: day by day, where there is room for it.
import { createMemo, type JSX, Show } from 'solid-js';
import type { QuotaStats } from '../../bindings/QuotaStats';
import { BurnUpChart } from '../../charts/burn-up';
import { useClock, useHost, useSnapshot } from '../../lib/contexts';
import { formatPercentRange } from '../../lib/format';
import { usedText } from '../../lib/limit-text';
import { createMediaQuery } from '../../lib/media-query';
import { createQuery } from '../../lib/query';
import { DAY, formatIsoDay, formatUpcoming, formatWeekday, HOUR } from '../../lib/time';
import { text } from '../../strings';
import { midnightsBetween, weekCurve } from './week-curve';

const HEIGHT = 88;
const WEEK = 7 * DAY;

/** The top of the chart: above the limit, or higher if more is used or expected. */
const [PERCENT_TOP, EXCEEDED_TOP] = [104, 122];

/** The windows with room for the chart below the bar. */
const HAS_ROOM = '(min-height: 700px), (min-width: 900px)';

interface WeekProps {
  row: QuotaStats;
  resetsAt: string;
}

/** The chart of the week's window; nothing for other windows, an outdated figure, or a low window. */
export function WeekBurnUp(props: { row: QuotaStats }): JSX.Element {
  const hasRoom = createMediaQuery(HAS_ROOM);
  const resetsAt = () => (props.row.window === 'weekly' && !props.row.isStale && hasRoom() ? props.row.resetsAt : null);
  return <Show when={resetsAt()}>{(at) => <WeekChart row={props.row} resetsAt={at()} />}</Show>;
}

function WeekChart(props: WeekProps): JSX.Element {
  const host = useHost();
  const snapshot = useSnapshot();
  const { now, zone } = useClock();
  const end = () => Date.parse(props.resetsAt);
  const start = createMemo(() => end() - WEEK);
  const firstDay = createMemo(() => formatIsoDay(start(), zone()));
  // The days before today no longer change.
  const key = createMemo(() => `${firstDay()} ${snapshot().today.date}`);
  const history = createQuery(key, () => host.history(firstDay(), null, 'model'));
  const curve = createMemo(() => {
    const { today, week } = snapshot();
    const earlier = (history.data()?.days ?? []).filter((day) => day.date < today.date).map((day) => ({ date: day.date, tokens: day.amount.tokens }));
    const days = [...earlier, { date: today.date, tokens: today.totalTokens }];
    return weekCurve({ start: start(), now: Math.min(end(), Date.parse(snapshot().at)), zone: zone(), total: week.totalTokens, days, value: props.row.usedPercent });
  });
  const expected = () => (props.row.usedPercent < 100 ? props.row.projectedPercent : null);
  const max = () => Math.max((expected()?.high ?? 0) > PERCENT_TOP ? EXCEEDED_TOP : PERCENT_TOP, props.row.usedPercent * 1.02);
  const reachedAt = () => {
    const at = props.row.usedPercent < 100 ? props.row.runsOutAt : null;
    return at === null ? null : { at: Date.parse(at), text: formatUpcoming(at, now(), zone()) };
  };
  /** The weekdays, at noon. */
  const ticks = createMemo(() =>
    midnightsBetween(start() - DAY, end(), zone())
      .map((midnight) => midnight + 12 * HOUR)
      .filter((noon) => noon > start() + 6 * HOUR && noon < end() - 6 * HOUR)
      .map((noon) => ({ at: noon, text: formatWeekday(noon, zone()) })),
  );
  const label = () => {
    const range = expected();
    const used = text.now.burnUp.weekLabel(`${usedText(props.row)}, ${text.provenance[props.row.label]}`);
    return range === null ? used : used + text.now.burnUp.expected(formatPercentRange(range.low, range.high), text.provenance.estimated);
  };
  return (
    <Show when={history.data()}>
      <BurnUpChart
        label={label()}
        height={HEIGHT}
        start={start()}
        end={end()}
        curve={curve()}
        max={max()}
        line={{ value: 100, text: text.now.burnUp.limit, isLimit: true }}
        expected={expected()}
        reachedAt={reachedAt()}
        formatValue={(value) => `${Math.round(value)}%`}
        ticks={ticks()}
        startText=""
        endText=""
        evenText=""
      />
    </Show>
  );
}
