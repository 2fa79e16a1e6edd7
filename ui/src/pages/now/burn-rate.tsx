// The current burn rate, its cost per hour, and a sparkline of the last hour.
import { createSignal, type JSX, Show } from 'solid-js';
import type { BurnRate } from '../../bindings/BurnRate';
import { Sparkline } from '../../charts/sparkline';
import { BurnLevelBadge } from '../../components/burn-level';
import { LabeledFigure } from '../../components/labeled-figure';
import { useSnapshot } from '../../lib/contexts';
import { formatCompact, formatDollars, formatNumber } from '../../lib/format';
import { formatClock, MINUTE } from '../../lib/time';
import { text } from '../../strings';

export function BurnRateSection(): JSX.Element {
  const snapshot = useSnapshot();
  const burnRate = () => snapshot().burnRate;
  return (
    <section class="burn-rate" aria-labelledby="burn-heading">
      <h2 id="burn-heading">{text.now.burnRate}</h2>
      <BurnLevelBadge level={burnRate().level} rate={burnRate().tokensPerMinute} />
      <p class="burn-rate__value">
        <LabeledFigure label={text.provenance[burnRate().label]} hideLabel>
          <strong data-testid="burn-rate">{text.perMinute(formatNumber(burnRate().tokensPerMinute))}</strong>
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
    <div class="last-hour">
      <Show when={minutes().length > 0}>
        <Sparkline
          label={label()}
          values={minutes()}
          labelOf={(index) => text.now.lastHour.minute(at(index), tokens(index), text.provenance.measured)}
          pointed={pointed()}
          onPoint={setPointed}
        />
      </Show>
      <p class="last-hour__caption text-muted" data-testid="minute">
        <Show when={pointed() !== null} fallback={<HourlyCost burnRate={snapshot().burnRate} />}>
          <time>{at(pointed() ?? 0)}</time>
          <LabeledFigure label={text.provenance.measured}>{text.tokens(tokens(pointed() ?? 0))}</LabeledFigure>
        </Show>
      </p>
    </div>
  );
}

function HourlyCost(props: { burnRate: BurnRate }): JSX.Element {
  return (
    <>
      <span>{text.now.lastHour.caption(text.provenance[props.burnRate.label])}</span>
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
            <LabeledFigure label={text.apiEquivalent} labelTitle={text.apiEquivalentTitle}>
              {text.now.perHour(formatDollars(props.burnRate.costPerHour ?? 0))}
            </LabeledFigure>
          </Show>
        </span>
      </Show>
    </>
  );
}
