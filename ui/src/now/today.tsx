// What today came to: its tokens, what they mean in messages and in money, and how that stands against other days.
import { Show, type JSX } from 'solid-js';
import type { Amount } from '../bindings/Amount';
import type { Compared } from '../bindings/Compared';
import type { DayStats } from '../bindings/DayStats';
import { compact, dollars, exact } from '../format';
import { total } from '../kinds';
import { Cost, hasCost } from '../parts/cost';
import { Figure } from '../parts/figure';
import { KindBar } from '../parts/kinds';
import { Labelled } from '../parts/labelled';
import { UnderLogged } from '../parts/under-logged';
import { text } from '../text';
import { againstYesterday } from './comparison';

export function Today(props: { today: DayStats; compared: Compared }): JSX.Element {
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
      <p class="dim today-rest">
        <Labelled label={label()} heard>
          {messages()}
        </Labelled>
        <Show when={hasCost(props.today)}>, </Show>
        <Cost of={props.today} testid="today-cost" />
      </p>
      <Comparison {...props} />
      <Kinds today={props.today} />
    </section>
  );
}

/** Against yesterday by this time of day, and against the usual day. What they were in full stands in the tooltips. */
function Comparison(props: { today: DayStats; compared: Compared }): JSX.Element {
  const against = () => againstYesterday(props.today.totalTokens, props.compared.yesterdayByNow.tokens);
  const yesterday = () => `${text.compared.byNowTitle(inFull(props.compared.yesterdayByNow))} ${text.compared.yesterdayTitle(inFull(props.compared.yesterday))}`;
  return (
    <p class="label comparison" data-testid="comparison">
      <Show when={against()}>
        {(words) => (
          <Labelled label={text.label.measured} title={yesterday()} heard>
            {words()}
          </Labelled>
        )}
      </Show>
      <Show when={props.compared.usual}>
        {(usual) => (
          <Labelled label={text.label.measured} title={text.compared.usualTitle} heard>
            {text.compared.usual(short(usual()))}
          </Labelled>
        )}
      </Show>
    </p>
  );
}

const inFull = (amount: Amount) => text.compared.amount(exact(amount.tokens), amount.cost === null ? null : dollars(amount.cost));
const short = (amount: Amount) => text.compared.amount(compact(amount.tokens), amount.cost === null ? null : dollars(amount.cost));

function Kinds(props: { today: DayStats }): JSX.Element {
  return (
    <div class="kinds">
      <Show when={total(props.today) > 0} fallback={<p class="dim">{text.kinds.none}</p>}>
        <KindBar counts={props.today} label={text.label[props.today.label]} />
      </Show>
      <UnderLogged messages={props.today.underLoggedMessages} />
    </div>
  );
}
