// What today came to: its tokens and what they would have cost, and how that stands against other days.
// The heading says once what the two columns are; every figure says it to the ear.
import { Show, type JSX } from 'solid-js';
import type { Amount } from '../bindings/Amount';
import type { Compared } from '../bindings/Compared';
import type { DayStats } from '../bindings/DayStats';
import { compact, dollars, exact } from '../format';
import { total } from '../kinds';
import { Unpriced } from '../parts/cost';
import { Figure } from '../parts/figure';
import { KindBar } from '../parts/kinds';
import { Labelled } from '../parts/labelled';
import { UnderLogged } from '../parts/under-logged';
import { text } from '../text';
import { againstYesterday } from './comparison';

interface TodayProps {
  today: DayStats;
  compared: Compared;
}

export function Today(props: TodayProps): JSX.Element {
  const label = () => text.label[props.today.label];
  const messages = () => text.messages(exact(props.today.messageCount), props.today.messageCount);
  return (
    <section class="today" aria-labelledby="today-heading">
      <div class="headed">
        <div class="today-head">
          <h2 id="today-heading">{text.today}</h2>
          <Labelled class="note" label={label()} heard>
            {messages()}
          </Labelled>
        </div>
        <span class="label" title={text.columnsTitle}>
          {text.columns}
        </span>
      </div>
      <p class="pair lead">
        <Labelled label={label()} heard>
          <Figure value={props.today.totalTokens} /> <span class="unit">{text.tokensToday}</span>
        </Labelled>
        <Show when={props.today.totalCost !== null}>
          <Labelled class="today-cost" label={text.apiEquivalent} title={text.apiEquivalentTitle} heard testid="today-cost">
            <strong>{dollars(props.today.totalCost ?? 0)}</strong>
          </Labelled>
        </Show>
      </p>
      <p class="note">
        <Unpriced of={props.today} />
      </p>
      <Comparison {...props} />
      <Kinds today={props.today} />
    </section>
  );
}

/** Against yesterday by this time of day, and against a usual day, which is a whole one. */
function Comparison(props: TodayProps): JSX.Element {
  const against = () => againstYesterday(props.today.totalTokens, props.compared.yesterdayByNow.tokens);
  return (
    <div class="comparison" data-testid="comparison">
      <Show when={against()}>{(words) => <Other words={words()} amount={props.compared.yesterdayByNow} />}</Show>
      <Show when={props.compared.usual}>{(usual) => <Other words={text.compared.usual} title={text.compared.usualTitle} amount={usual()} />}</Show>
    </div>
  );
}

/** Another day, in the columns of today; of a day without anything the words say enough. */
function Other(props: { words: string; title?: string; amount: Amount }): JSX.Element {
  return (
    <p class="other-day">
      <Labelled label={text.label.measured} title={props.title} heard>
        {props.words}
      </Labelled>
      <Show when={props.amount.tokens > 0}>
        <Labelled class="other-tokens" label={text.label.measured} title={text.tokens(exact(props.amount.tokens))} heard>
          {compact(props.amount.tokens)}
        </Labelled>
        <OtherCost cost={props.amount.cost} />
      </Show>
    </p>
  );
}

function OtherCost(props: { cost: number | null }): JSX.Element {
  return (
    <Show when={props.cost !== null} fallback={<span class="other-cost" data-figure>{text.unpriced}</span>}>
      <Labelled class="other-cost" label={text.apiEquivalent} heard>
        {dollars(props.cost ?? 0)}
      </Labelled>
    </Show>
  );
}

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
