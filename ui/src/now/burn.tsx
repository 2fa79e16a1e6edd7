// How fast tokens are used now, and what an hour of that would cost.
import { Show, type JSX } from 'solid-js';
import type { BurnRate } from '../bindings/BurnRate';
import { dollars, exact } from '../format';
import { Labelled } from '../parts/labelled';
import { Level } from '../parts/level';
import { text } from '../text';

export function Burn(props: { burn: BurnRate }): JSX.Element {
  return (
    <section class="burn" aria-labelledby="burn-heading">
      <h2 id="burn-heading">{text.burn}</h2>
      <Level level={props.burn.level} rate={props.burn.tokensPerMinute} />
      <p class="burn-rate">
        <Labelled label={text.label[props.burn.label]}>
          <strong data-testid="burn-rate">{text.perMinute(exact(props.burn.tokensPerMinute))}</strong>
        </Labelled>
      </p>
      <Show when={props.burn.tokensPerMinute > 0}>
        <p class="burn-cost dim" data-testid="burn-cost">
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
        </p>
      </Show>
    </section>
  );
}
