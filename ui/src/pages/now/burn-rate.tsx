// The current burn rate, its cost per hour, and a sparkline of the last hour.
import { createSignal, type JSX, Show } from 'solid-js';
import type { BurnRate } from '../../bindings/BurnRate';
import { Sparkline } from '../../charts/sparkline';
import { BurnLevelBadge } from '../../components/burn-level';
import { CardLink, openOnClick } from '../../components/card-link';
import { LabeledFigure } from '../../components/labeled-figure';
import { useRouting, useSnapshot } from '../../lib/contexts';
import { formatCompact, formatDollars, formatNumber } from '../../lib/format';
import { formatClock, MINUTE } from '../../lib/time';
import { text } from '../../strings';

export function BurnRateSection(): JSX.Element {
  const snapshot = useSnapshot();
  const routing = useRouting();
  const burnRate = () => snapshot().burnRate;
  return (
    <section class="card burn-rate" aria-labelledby="burn-heading" onClick={openOnClick(() => routing.go({ page: 'sessions' }))}>
      <div class="row-between">
        <h2 class="card__label" id="burn-heading">
          <CardLink to={{ page: 'sessions' }}>{text.now.burnRate}</CardLink>
        </h2>
        <BurnLevelBadge level={burnRate().level} rate={burnRate().tokensPerMinute} />
      </div>
      <p class="card__figure">
        <LabeledFigure label={text.provenance[burnRate().label]} title={text.perMinute(formatNumber(burnRate().tokensPerMinute))}>
          <span data-testid="burn-rate" data-value={burnRate().tokensPerMinute}>
            {formatCompact(burnRate().tokensPerMinute)}
            <span class="card__unit"> {text.now.perMinute}</span>
          </span>
        </LabeledFigure>
      </p>
      <LastHour />
    </section>
  );
}

/** The last hour, and below it the pointed minute, otherwise the cost per hour at this rate. */
function LastHour(): JSX.Element {
  const snapshot = useSnapshot();
  const [pointed, setPointed] = createSignal<number | null>(null);
  const minutes = () => snapshot().lastHour;
  const at = (index: number) => formatClock(Date.parse(snapshot().at) - (minutes().length - 1 - index) * MINUTE, snapshot().zone);
  const tokens = (index: number) => formatNumber(minutes()[index] ?? 0);
  const label = () => {
    const peak = Math.max(0, ...minutes());
    return peak > 0 ? text.now.lastHour.label(formatCompact(peak), at(minutes().indexOf(peak))) : text.now.lastHour.none;
  };
  return (
    <>
      <Show when={minutes().length > 0}>
        <Sparkline
          label={label()}
          values={minutes()}
          labelOf={(index) => text.now.lastHour.minute(at(index), tokens(index), text.provenance.measured)}
          pointed={pointed()}
          onPoint={setPointed}
        />
      </Show>
      <p class="tiny last-hour__caption" data-testid="minute">
        <Show when={pointed() !== null} fallback={<HourlyCost burnRate={snapshot().burnRate} />}>
          <time>{at(pointed() ?? 0)}</time>
          <LabeledFigure label={text.provenance.measured}>{text.tokens(tokens(pointed() ?? 0))}</LabeledFigure>
        </Show>
      </p>
    </>
  );
}

/** The cost per hour at the current rate; at rest, the time of the last message. */
function HourlyCost(props: { burnRate: BurnRate }): JSX.Element {
  const snapshot = useSnapshot();
  const lastMessage = () => (props.burnRate.tokensPerMinute === 0 ? (snapshot().recentSessions[0]?.lastActivity ?? null) : null);
  return (
    <Show when={lastMessage()} fallback={<RunningCost burnRate={props.burnRate} />}>
      {(at) => <time datetime={at()}>{text.now.lastHour.noneSince(formatClock(at(), snapshot().zone))}</time>}
    </Show>
  );
}

function RunningCost(props: { burnRate: BurnRate }): JSX.Element {
  return (
    <>
      <span>{text.now.lastHour.caption}</span>
      <Show when={props.burnRate.tokensPerMinute > 0}>
        <span data-testid="burn-cost">
          <Show
            when={props.burnRate.costPerHour !== null}
            fallback={
              <span data-figure title={text.unpricedTitle}>
                {text.costUnpriced}
              </span>
            }
          >
            <LabeledFigure label={text.apiEquivalent} title={text.apiEquivalentTitle}>
              {(props.burnRate.costIsLowerBound ? text.now.perHourAtLeast : text.now.perHour)(formatDollars(props.burnRate.costPerHour ?? 0))}
            </LabeledFigure>
          </Show>
        </span>
      </Show>
    </>
  );
}
