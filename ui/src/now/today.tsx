// What today came to: the leading figure, and under it what it means in messages and in money.
import { Show, type JSX } from 'solid-js';
import type { DayStats } from '../bindings/DayStats';
import { exact } from '../format';
import { total } from '../kinds';
import { Cost, hasCost } from '../parts/cost';
import { Figure } from '../parts/figure';
import { KindBar } from '../parts/kinds';
import { Labelled } from '../parts/labelled';
import { UnderLogged } from '../parts/under-logged';
import { text } from '../text';

export function Today(props: { today: DayStats }): JSX.Element {
  const label = () => text.label[props.today.label];
  const messages = () => text.messages(exact(props.today.messageCount), props.today.messageCount);
  return (
    <section class="today" aria-labelledby="today-heading">
      <div class="headed">
        <h2 id="today-heading">{text.today}</h2>
        <span class="label">{label()}</span>
      </div>
      <p class="lead">
        <Labelled label={label()} heard>
          <Figure value={props.today.totalTokens} /> <span class="unit">{text.tokensToday}</span>
        </Labelled>
      </p>
      <p class="dim">
        <Labelled label={label()} heard>
          {messages()}
        </Labelled>
        <Show when={hasCost(props.today)}>, </Show>
        <Cost of={props.today} testid="today-cost" />
      </p>
    </section>
  );
}

export function Kinds(props: { today: DayStats }): JSX.Element {
  return (
    <section class="kinds" aria-labelledby="kinds-heading">
      <p class="headed">
        <span id="kinds-heading">{text.kinds.heading}</span>
        <span class="label">{text.label[props.today.label]}</span>
      </p>
      <Show when={total(props.today) > 0} fallback={<p class="dim">{text.kinds.none}</p>}>
        <KindBar counts={props.today} label={text.label[props.today.label]} />
      </Show>
      <UnderLogged messages={props.today.underLoggedMessages} />
    </section>
  );
}
