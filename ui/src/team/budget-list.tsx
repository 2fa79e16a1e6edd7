// The budgets with the cost of the current month. They are changed on the command line, because the addresses of their webhooks are
// secrets of the administrator.
import { For, type JSX, Show } from 'solid-js';
import { LabeledFigure } from '../components/labeled-figure';
import { SanitizedText } from '../components/sanitized-text';
import { StaleNote } from '../components/status-notes';
import type { TeamBudget } from '../host/team';
import { formatDollars, formatPercent } from '../lib/format';
import { createQuery } from '../lib/query';
import { text } from '../strings';
import { teamText } from '../strings/team';
import { refetchEachMinute, useTeam } from './team-context';

/** Billionths of a dollar. */
const NANOS = 1e9;

/** Shows nothing without budgets. */
export function BudgetList(): JSX.Element {
  const { host } = useTeam();
  const query = createQuery(() => null, () => host.budgets());
  refetchEachMinute(query);
  return (
    <Show when={(query.data()?.length ?? 0) > 0 || query.failure() !== null}>
      <section aria-labelledby="budgets-heading">
        <h2 class="page-section" id="budgets-heading">
          {teamText.budgets.heading}
        </h2>
        <StaleNote failure={query.failure()} message={query.data() === null ? teamText.budgets.failed : undefined} onRetry={() => query.refetch()} />
        <ul class="card card--rows">
          <For each={query.data() ?? []}>{(budget) => <BudgetRow budget={budget} />}</For>
        </ul>
      </section>
    </Show>
  );
}

function BudgetRow(props: { budget: TeamBudget }): JSX.Element {
  const dollars = (nanos: number) => formatDollars(nanos / NANOS);
  const thresholds = () => props.budget.thresholds.map((threshold) => formatPercent(threshold / 100)).join(', ');
  return (
    <li class="list-item" data-testid="budget">
      <span class="list-item__top">
        <span class="list-item__name">
          <SanitizedText class="truncated" value={props.budget.costCenter ?? teamText.budgets.wholeTeam} />
        </span>
        <LabeledFigure class="team-row__figure" label={text.apiEquivalent} title={text.apiEquivalentTitle}>
          {teamText.budgets.used(dollars(props.budget.costNanos), dollars(props.budget.monthlyCostNanos))}
        </LabeledFigure>
      </span>
      <span class="list-item__bottom">
        <span>{teamText.budgets.share(formatPercent(props.budget.costNanos / props.budget.monthlyCostNanos))}</span>
        <span class="team-row__end">{teamText.budgets.reported(thresholds())}</span>
      </span>
    </li>
  );
}
