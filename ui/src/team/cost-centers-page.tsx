// The Cost centers page: the usage by cost center, and the rules that assign it.
import { createSignal, For, Index, type JSX, Match, Show, Switch } from 'solid-js';
import { SanitizedText } from '../components/sanitized-text';
import { EmptyNote, LoadError, LoadingNote, StaleNote } from '../components/status-notes';
import { allocationUrl, type AllocationRule, monthReportUrl } from '../host/team';
import { toRefusal } from '../host/refusal';
import { formatMonthAndYear, monthStart, toIsoDate } from '../lib/calendar-day';
import { createQuery } from '../lib/query';
import { DAY } from '../lib/time';
import { teamText } from '../strings/team';
import { BudgetList } from './budget-list';
import { describeRule } from './rule-text';
import { RuleDialog } from './rule-dialog';
import { useTeam } from './team-context';
import { UsageHistory } from './usage-history';

/** The rule in the dialog; null for a new one. */
interface EditedRule {
  rule: AllocationRule | null;
}

export function CostCentersPage(): JSX.Element {
  // Incremented after each change of a rule, so that the usage is read again.
  const [revision, setRevision] = createSignal(0);
  return (
    <div class="team-stack">
      <UsageHistory splits={['costCenter']} actions={(since) => <Exports since={since} />} revision={revision()} />
      <BudgetList />
      <Rules onChange={() => setRevision(revision() + 1)} />
    </div>
  );
}

/** The usage of the chosen range, and the reports of this month and of the one before. */
function Exports(props: { since: string | null }): JSX.Element {
  const { now } = useTeam();
  const firstDay = () => monthStart(Math.floor(now() / DAY));
  return (
    <>
      <a class="button button--small" href={allocationUrl('csv', props.since)} download="" data-testid="export-csv">
        {teamText.exportCsv}
      </a>
      <a class="button button--small" href={allocationUrl('focus', props.since)} download="" data-testid="export-focus">
        {teamText.exportFocus}
      </a>
      <For each={[firstDay(), monthStart(firstDay() - 1)]}>
        {(month) => (
          <a class="button button--small" href={monthReportUrl(toIsoDate(month).slice(0, 7))} download="" data-testid="export-pdf">
            {teamText.monthReport(formatMonthAndYear(month))}
          </a>
        )}
      </For>
    </>
  );
}

function Rules(props: { onChange: () => void }): JSX.Element {
  const { host, caller } = useTeam();
  const [edited, setEdited] = createSignal<EditedRule | null>(null);
  const [note, setNote] = createSignal('');
  const query = createQuery(() => null, () => host.rules());
  let addButton: HTMLButtonElement | undefined;
  const update = (message: string) => {
    setNote(message);
    query.refetch();
    props.onChange();
  };
  const remove = async (rule: AllocationRule) => {
    try {
      await host.removeRule(rule.id);
      update(teamText.rules.removed);
      // The button that had the focus disappears.
      addButton?.focus();
    } catch (thrown) {
      setNote(toRefusal(thrown).message);
    }
  };
  return (
    <section aria-labelledby="rules-heading">
      <div class="page-section team-rules__header">
        <h2 id="rules-heading">{teamText.rules.heading}</h2>
        <Show when={caller()?.isAdmin} fallback={<span class="caption">{teamText.rules.readOnly}</span>}>
          <button ref={(element) => (addButton = element)} type="button" class="button button--small" data-testid="add-rule" onClick={() => setEdited({ rule: null })}>
            {teamText.rules.add}
          </button>
        </Show>
      </div>
      <p class="caption">{teamText.rules.note}</p>
      <p class="caption" role="status" data-testid="rules-note">
        {note()}
      </p>
      <Switch fallback={<LoadingNote message={teamText.loading} />}>
        <Match when={query.data()}>
          {(rules) => (
            <>
              <StaleNote failure={query.failure()} onRetry={() => query.refetch()} />
              <Show when={rules().length > 0} fallback={<EmptyNote message={teamText.rules.none} hint={teamText.rules.noneHint} />}>
                <ul class="card card--rows">
                  <Index each={rules()}>{(rule) => <RuleRow rule={rule()} onEdit={() => setEdited({ rule: rule() })} onRemove={() => void remove(rule())} />}</Index>
                </ul>
              </Show>
            </>
          )}
        </Match>
        <Match when={query.failure()}>
          {(failure) => <LoadError message={teamText.rules.failed} failure={failure()} onRetry={() => query.refetch()} />}
        </Match>
      </Switch>
      <Show when={edited()} keyed>
        {({ rule }) => (
          <RuleDialog
            rule={rule}
            onClose={() => setEdited(null)}
            onSaved={() => {
              setEdited(null);
              update(teamText.rules.saved);
            }}
          />
        )}
      </Show>
    </section>
  );
}

function RuleRow(props: { rule: AllocationRule; onEdit: () => void; onRemove: () => void }): JSX.Element {
  const { caller } = useTeam();
  const rule = () => describeRule(props.rule);
  return (
    <li class="team-rule" data-testid="rule">
      <span class="team-rule__text">
        <SanitizedText class="team-rule__shares" value={rule().shares} />
        <SanitizedText class="caption" value={rule().conditions} />
      </span>
      <Show when={caller()?.isAdmin}>
        <span class="button-row">
          <button type="button" class="link-button" aria-label={teamText.rules.editOf(rule().shares)} data-testid="edit-rule" onClick={() => props.onEdit()}>
            {teamText.rules.edit}
          </button>
          <button type="button" class="link-button" aria-label={teamText.rules.removeOf(rule().shares)} data-testid="remove-rule" onClick={() => props.onRemove()}>
            {teamText.rules.remove}
          </button>
        </span>
      </Show>
    </li>
  );
}
