// The official quota windows with a bar each, and the measured week if there is no official one. A heading shows a
// shared provenance once. Outdated windows are gray and show their age.
import { Index, type JSX, Show } from 'solid-js';
import type { QuotaStats } from '../../bindings/QuotaStats';
import { Cost, hasCost } from '../../components/cost';
import { LabeledFigure } from '../../components/labeled-figure';
import { useClock, useSnapshot } from '../../lib/contexts';
import { formatCompact, formatNumber, formatPercent, formatPercentRange } from '../../lib/format';
import { limitLevel } from '../../lib/limit-level';
import { provenanceText } from '../../lib/limit-text';
import { bindingWindow, hasWeeklyQuota, windowsBelowRing } from '../../lib/quota';
import { sanitizeName } from '../../lib/sanitize';
import { formatUpcoming } from '../../lib/time';
import { text } from '../../strings';

const windowName = (row: QuotaStats) => text.quotaWindow[row.window](row.scope === null ? null : sanitizeName(row.scope));

export function QuotaWindows(): JSX.Element {
  const snapshot = useSnapshot();
  const rows = () => windowsBelowRing(snapshot());
  const hasHeading = () => rows().length > 1;
  return (
    <section class="quota-windows" aria-label={hasHeading() ? undefined : text.now.limits} aria-labelledby={hasHeading() ? 'windows-heading' : undefined}>
      <Show when={hasHeading()}>
        <div class="section-header">
          <h2 id="windows-heading">{text.now.limits}</h2>
          <span class="provenance">{text.now.limitColumns}</span>
        </div>
      </Show>
      <Index each={rows()}>
        {(row) => <QuotaWindow row={row()} hasHeading={hasHeading()} isFirst={bindingWindow(snapshot()) === row()} />}
      </Index>
      <Show when={!hasWeeklyQuota(snapshot())}>
        <MeasuredWeek />
      </Show>
    </section>
  );
}

interface QuotaWindowProps {
  row: QuotaStats;
  /** True if a heading already shows that these figures are official. */
  hasHeading: boolean;
  /** True if this window will stop work first. */
  isFirst: boolean;
}

function QuotaWindow(props: QuotaWindowProps): JSX.Element {
  const { now, zone } = useClock();
  const level = () => limitLevel(props.row.usedPercent);
  const provenance = () => provenanceText(props.row, props.row, now(), zone());
  const hidesProvenance = () => props.hasHeading && provenance() === text.provenance.official;
  return (
    <div class={`quota-window limit-level--${level()}`} classList={{ 'is-stale': props.row.isStale }} data-testid="window">
      <div data-figure title={text.quotaOrigin[props.row.origin]}>
        <p class="row-between">
          <bdi class="quota-window__name">{windowName(props.row)}</bdi>
          <span class="quota-window__share">
            <Show when={props.isFirst}>
              <span class="caption" data-testid="binding">
                {text.now.stopsFirst}
              </span>
            </Show>
            <Show when={level() !== 'calm'}>
              <span class={`limit-level limit-level--${level()}`}>{text.limitLevel[level()]}</span>
            </Show>
            <strong>{formatPercent(props.row.usedPercent / 100)}</strong>
          </span>
        </p>
        <Meter share={props.row.usedPercent / 100} />
        <p class="provenance">
          <span class={hidesProvenance() ? 'visually-hidden' : undefined}>{provenance()}</span>
          <Show when={props.row.resetsAt}>
            {(at) => (
              <>
                <span class={hidesProvenance() ? 'visually-hidden' : undefined}>, </span>
                {text.now.resets(formatUpcoming(at(), now(), zone()))}
              </>
            )}
          </Show>
        </p>
      </div>
      <Show when={forecastText(props.row, now(), zone())}>
        {(projection) => (
          <p class="provenance quota-window__pace" data-figure data-testid="window-pace">
            {projection()}
            <span class={props.hasHeading ? 'visually-hidden' : undefined}>, {text.provenance.estimated}</span>
          </p>
        )}
      </Show>
    </div>
  );
}

function Meter(props: { share: number }): JSX.Element {
  return (
    <svg class="quota-window__meter" width="100%" height="6" aria-hidden="true">
      <rect class="quota-window__meter-track" width="100%" height="6" rx="3" />
      <rect class="quota-window__meter-fill" width={`${(Math.min(1, props.share) * 100).toFixed(1)}%`} height="6" rx="3" />
    </svg>
  );
}

/** Returns the projection at the reset, and the time the limit runs out before that. */
function forecastText(row: QuotaStats, now: number, zone: string): string {
  const range = row.projectedPercent;
  const runsOutAt = row.usedPercent < 100 ? row.runsOutAt : null;
  const parts = [
    range === null ? null : text.now.windowProjection(formatPercentRange(range.low, range.high)),
    runsOutAt === null ? null : text.now.windowRunsOut(formatUpcoming(runsOutAt, now, zone)),
  ];
  return parts.filter((part) => part !== null).join(', ');
}

/** The measured usage of the week, over a dotted line because there is no limit it could be a share of. */
function MeasuredWeek(): JSX.Element {
  const snapshot = useSnapshot();
  const week = () => snapshot().week;
  return (
    <div class="quota-window" data-testid="week">
      <LabeledFigure class="quota-window__whole" label={text.provenance[week().label]} title={text.tokens(formatNumber(week().totalTokens))} hideLabel>
        <span class="row-between">
          <span class="quota-window__name">{week().endTime === null ? text.now.lastSevenDays : text.now.thisWeek}</span>
          <strong>{text.tokens(formatCompact(week().totalTokens))}</strong>
        </span>
      </LabeledFigure>
      <svg class="quota-window__meter" width="100%" height="6" aria-hidden="true">
        <line class="quota-window__meter-unknown" x1="1" x2="100%" y1="3" y2="3" />
      </svg>
      <p class="provenance">
        <span aria-hidden="true">{text.provenance[week().label]}</span>
        <Show when={hasCost(week())}>
          <span aria-hidden="true">, </span>
          <Cost cost={week()} testid="week-cost" />
        </Show>
      </p>
      <p class="provenance quota-window__pace">{text.now.limitUnknown}</p>
    </div>
  );
}
