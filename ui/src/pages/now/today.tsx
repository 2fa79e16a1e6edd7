// Usage today with its cost, compared with other days, and its tokens by kind.
import { For, type JSX, Show } from 'solid-js';
import { TodayTotal } from '../../components/today-total';
import { CardLink, openOnClick } from '../../components/card-link';
import { Unpriced } from '../../components/cost';
import { LabeledFigure } from '../../components/labeled-figure';
import { KindBreakdown } from '../../components/kind-breakdown';
import { UnderLoggedNote } from '../../components/under-logged-note';
import { useRouting, useSnapshot } from '../../lib/contexts';
import { formatCompact, formatDollars, formatNumber } from '../../lib/format';
import { sumTokens } from '../../lib/token-kinds';
import { text } from '../../strings';
import { compareWithYesterday } from './comparison';

export function Today(): JSX.Element {
  const snapshot = useSnapshot();
  const routing = useRouting();
  const today = () => snapshot().today;
  return (
    <section class="card today" aria-labelledby="today-heading" onClick={openOnClick(() => routing.go({ page: 'history' }))}>
      <h2 class="card__label" id="today-heading">
        <CardLink to={{ page: 'history' }} testid="open-history">
          {text.now.today}
        </CardLink>
      </h2>
      <p class="row-between">
        <LabeledFigure class="card__figure" label={text.provenance[today().label]} title={text.tokens(formatNumber(today().totalTokens))}>
          <TodayTotal value={today().totalTokens} />
        </LabeledFigure>
        <Show when={today().totalCost !== null}>
          <LabeledFigure class="card__figure" label={text.apiEquivalent} title={text.apiEquivalentTitle} testid="today-cost">
            {formatDollars(today().totalCost ?? 0)}
          </LabeledFigure>
        </Show>
      </p>
      <DayComparisons />
      <p class="tiny">
        <Unpriced cost={today()} />
      </p>
    </section>
  );
}

interface ComparedDay {
  name: string;
  /** The comparison in words. */
  title: string | undefined;
  tokens: number;
  isToday: boolean;
}

/** Today beside yesterday at the same time and a typical full day, as bars. */
function DayComparisons(): JSX.Element {
  const snapshot = useSnapshot();
  const days = (): ComparedDay[] => {
    const { today, compared } = snapshot();
    const yesterday = compared.yesterdayByNow.tokens;
    const words = compareWithYesterday(today.totalTokens, yesterday) ?? undefined;
    return [
      { name: text.now.comparison.today, title: undefined, tokens: today.totalTokens, isToday: true },
      { name: text.now.comparison.yesterday, title: words, tokens: yesterday, isToday: false },
      ...(compared.usual === null ? [] : [{ name: text.now.comparison.typicalDay, title: text.now.comparison.typicalDayTitle, tokens: compared.usual.tokens, isToday: false }]),
    ];
  };
  const highest = () => Math.max(1, ...days().map((day) => day.tokens));
  return (
    <ul class="today__comparison tiny" data-testid="comparison">
      <For each={days()}>
        {(day) => (
          <li class="today__day" title={day.title}>
            <span>{day.name}</span>
            <svg class="today__bar" width="100%" height="7" aria-hidden="true">
              <rect class={day.isToday ? 'today__bar-today' : 'today__bar-other'} width={`${((day.tokens / highest()) * 100).toFixed(1)}%`} height="7" rx="2" />
            </svg>
            <Show when={!day.isToday}>
              <LabeledFigure label={[text.provenance.measured, day.title].filter(Boolean).join(', ')} title={day.title}>
                {formatCompact(day.tokens)}
              </LabeledFigure>
            </Show>
          </li>
        )}
      </For>
    </ul>
  );
}

/** The tokens and the cost of today by kind. */
export function TodayByKind(): JSX.Element {
  const snapshot = useSnapshot();
  const routing = useRouting();
  const today = () => snapshot().today;
  const label = () => text.provenance[today().label];
  return (
    <section class="card today-kinds" aria-labelledby="kinds-heading" onClick={openOnClick(() => routing.go({ page: 'history' }))}>
      <div class="row-between">
        <h2 class="card__label" id="kinds-heading">
          <CardLink to={{ page: 'history' }}>{text.now.byKind}</CardLink>
        </h2>
        <LabeledFigure class="caption" label={label()}>
          {text.messages(formatNumber(today().messageCount), today().messageCount)}
        </LabeledFigure>
      </div>
      <Show when={sumTokens(today()) > 0} fallback={<p class="text-muted">{text.now.nothingToday}</p>}>
        <KindBreakdown totals={today()} />
      </Show>
      <UnderLoggedNote messages={today().underLoggedMessages} />
    </section>
  );
}
