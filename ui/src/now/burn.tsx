// How fast tokens are used now, what an hour of that would cost, and how the last hour went, minute by minute.
import { createSignal, Show, type JSX } from 'solid-js';
import type { BurnRate } from '../bindings/BurnRate';
import type { Snapshot } from '../bindings/Snapshot';
import { Sparkline } from '../charts/sparkline';
import { compact, dollars, exact } from '../format';
import { Labelled } from '../parts/labelled';
import { Level } from '../parts/level';
import { text } from '../text';
import { clock, MINUTE } from '../time';

export function Burn(props: { snapshot: Snapshot }): JSX.Element {
  const burn = () => props.snapshot.burnRate;
  return (
    <section class="burn" aria-labelledby="burn-heading">
      <h2 id="burn-heading">{text.burn}</h2>
      <Level level={burn().level} rate={burn().tokensPerMinute} />
      <p class="burn-rate">
        <Labelled label={text.label[burn().label]} heard>
          <strong data-testid="burn-rate">{text.perMinute(exact(burn().tokensPerMinute))}</strong>
        </Labelled>
      </p>
      <LastHour snapshot={props.snapshot} />
    </section>
  );
}

/** The minutes, and under them the one that is pointed at; else what an hour at this pace would cost. */
function LastHour(props: { snapshot: Snapshot }): JSX.Element {
  const [pointed, point] = createSignal<number | null>(null);
  const minutes = () => props.snapshot.lastHour;
  const at = (index: number) => clock(Date.parse(props.snapshot.at) - (minutes().length - 1 - index) * MINUTE, props.snapshot.zone);
  const tokens = (index: number) => exact(minutes()[index] ?? 0);
  const label = () => {
    const most = Math.max(0, ...minutes());
    return most > 0 ? text.lastHour.label(compact(most), at(minutes().indexOf(most))) : text.lastHour.none;
  };
  return (
    <div class="last-hour">
      <Show when={minutes().length > 0}>
        <Sparkline
          label={label()}
          values={minutes()}
          name={(index) => text.lastHour.minute(at(index), tokens(index), text.label.measured)}
          pointed={pointed()}
          point={point}
        />
      </Show>
      <p class="last-hour-words dim" data-testid="minute">
        <Show when={pointed() !== null} fallback={<Pace burn={props.snapshot.burnRate} />}>
          <time>{at(pointed() ?? 0)}</time>
          <Labelled label={text.label.measured}>{text.tokens(tokens(pointed() ?? 0))}</Labelled>
        </Show>
      </p>
    </div>
  );
}

function Pace(props: { burn: BurnRate }): JSX.Element {
  return (
    <>
      <span>{text.lastHour.caption(text.label[props.burn.label])}</span>
      <Show when={props.burn.tokensPerMinute > 0}>
        <span data-testid="burn-cost">
          <Show
            when={props.burn.costPerHour !== null}
            fallback={
              <span data-figure title={text.unpricedTitle}>
                {text.costUnpriced}
              </span>
            }
          >
            <Labelled label={text.apiEquivalent} labelTitle={text.apiEquivalentTitle}>
              {text.perHour(dollars(props.burn.costPerHour ?? 0))}
            </Labelled>
          </Show>
        </span>
      </Show>
    </>
  );
}
