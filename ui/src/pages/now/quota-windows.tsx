// The official quota windows below the block, and the measured week if there is no official one. Outdated windows are
// gray and show their age.
import { Index, type JSX, Show } from 'solid-js';
import type { QuotaStats } from '../../bindings/QuotaStats';
import type { WindowKind } from '../../bindings/WindowKind';
import { Gauge } from '../../charts/gauge';
import { CardLink } from '../../components/card-link';
import { Cost, hasCost } from '../../components/cost';
import { LabeledFigure } from '../../components/labeled-figure';
import { useClock, useSnapshot } from '../../lib/contexts';
import { formatCompact, formatNumber, formatPercent, formatPercentRange } from '../../lib/format';
import { limitLevel } from '../../lib/limit-level';
import { exhaustionText, provenanceText } from '../../lib/limit-text';
import { bindingWindow, hasWeeklyQuota, windowsBelowRing } from '../../lib/quota';
import { sanitizeName } from '../../lib/sanitize';
import { DAY, formatAgo, formatUpcoming, HOUR } from '../../lib/time';
import { text } from '../../strings';
import { WeekBurnUp } from './week-burn-up';

/** Returns the name of a window, with the folder of its account if several accounts are in use. */
function windowName(row: QuotaStats): string {
  const name = text.quotaWindow[row.window](row.scope === null ? null : sanitizeName(row.scope));
  return row.account === null ? name : text.ofAccount(name, sanitizeName(row.account));
}

export function QuotaWindows(): JSX.Element {
  const snapshot = useSnapshot();
  return (
    <div class="quota-windows" role="group" aria-label={text.now.limits}>
      <Index each={windowsBelowRing(snapshot())}>{(row) => <QuotaWindow row={row()} isFirst={bindingWindow(snapshot()) === row()} />}</Index>
      <Show when={!hasWeeklyQuota(snapshot())}>
        <MeasuredWeek />
      </Show>
    </div>
  );
}

interface QuotaWindowProps {
  row: QuotaStats;
  /** True if this window stops work first or, if none is forecast to, is the fullest. */
  isFirst: boolean;
}

function QuotaWindow(props: QuotaWindowProps): JSX.Element {
  const { now, zone } = useClock();
  const level = () => limitLevel(props.row.usedPercent);
  const provenance = () => provenanceText(props.row, props.row, now(), zone());
  return (
    <div class={`card__split quota-window level--${props.row.isStale ? 'stale' : level()}`} data-testid="window">
      <p class="row-between quota-window__line">
        <span class="quota-window__head">
          <bdi class="card__label">{windowName(props.row)}</bdi>{' '}
          <LabeledFigure label={`${text.limitLevel[level()]}, ${provenance()}`} title={text.quotaOrigin[props.row.origin]} sign={props.row.label}>
            <strong class="level-text">{formatPercent(props.row.usedPercent / 100)}</strong>
          </LabeledFigure>
          <Show when={props.isFirst}>
            {' '}
            <span class="caption" data-testid="binding">
              {rankText(props.row)}
            </span>
          </Show>
        </span>
        <span class="caption quota-window__times">
          <Show when={props.row.isStale}>
            <time datetime={props.row.readAt}>{text.now.asOf(formatAgo(props.row.readAt, now(), zone()))}</time>
            {' · '}
          </Show>
          <WindowTimes row={props.row} />
        </span>
      </p>
      <Gauge
        used={props.row.usedPercent}
        expected={props.row.usedPercent < 100 && !props.row.isStale ? props.row.projectedPercent : null}
        even={props.row.isStale ? null : elapsedPercent(props.row, now())}
      />
      <WeekBurnUp row={props.row} />
    </div>
  );
}

/** The lengths of the windows that have one. */
const windowLength: Partial<Record<WindowKind, number>> = { fiveHour: 5 * HOUR, weekly: 7 * DAY, weeklyScoped: 7 * DAY };

/** Returns the elapsed share of a window in percent, which an even pace would have used; null without a known length. */
function elapsedPercent(row: QuotaStats, now: number): number | null {
  const length = windowLength[row.window];
  if (length === undefined || row.resetsAt === null) return null;
  return (1 - (Date.parse(row.resetsAt) - now) / length) * 100;
}

/** Returns the word for the binding window: it stops first only if it is used up or forecast to run out before its reset. */
function rankText(row: QuotaStats): string {
  return row.runsOutAt !== null || row.usedPercent >= 100 ? text.now.stopsFirst : text.now.fullest;
}

/** The reset of a window, and what is expected until then. */
function WindowTimes(props: { row: QuotaStats }): JSX.Element {
  const { now, zone } = useClock();
  const forecast = () => forecastText(props.row, now(), zone());
  return (
    <>
      <Show when={props.row.resetsAt}>{(at) => <time datetime={at()}>{text.now.resets(formatUpcoming(at(), now(), zone()))}</time>}</Show>
      <Show when={forecast()}>
        {(words) => (
          <>
            <Show when={props.row.resetsAt}>{' · '}</Show>
            <LabeledFigure label={text.provenance.estimated} testid="window-pace">
              {words()}
            </LabeledFigure>
          </>
        )}
      </Show>
    </>
  );
}

/** Returns the time the limit is reached if that is before the reset, otherwise the range expected at the reset. */
function forecastText(row: QuotaStats, now: number, zone: string): string | null {
  if (row.isStale || row.usedPercent >= 100) return null;
  if (row.runsOutAt !== null) return exhaustionText(row, formatUpcoming(row.runsOutAt, now, zone));
  return row.projectedPercent && `~${formatPercentRange(row.projectedPercent.low, row.projectedPercent.high)}`;
}

/** The measured usage of the week. */
function MeasuredWeek(): JSX.Element {
  const snapshot = useSnapshot();
  const week = () => snapshot().week;
  return (
    <p class="card__split row-between quota-window__line" data-testid="week">
      <span class="card__label">
        <CardLink to={{ page: 'history' }}>{week().endTime === null ? text.now.lastSevenDays : text.now.thisWeek}</CardLink>
      </span>
      <span>
        <LabeledFigure label={text.provenance[week().label]} title={text.tokens(formatNumber(week().totalTokens))}>
          <strong>{formatCompact(week().totalTokens)}</strong>
        </LabeledFigure>
        <Show when={hasCost(week())}>
          <span class="text-muted">
            {' · '}
            <Cost cost={week()} testid="week-cost" />
          </span>
        </Show>
      </span>
    </p>
  );
}
