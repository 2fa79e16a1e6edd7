// The official limits of the members who share them: who is near a limit, and whose window resets next.
import { For, type JSX, Show } from 'solid-js';
import { LabeledFigure } from '../components/labeled-figure';
import { SanitizedText } from '../components/sanitized-text';
import { StaleNote } from '../components/status-notes';
import type { TeamLimit } from '../host/team';
import { formatPercent } from '../lib/format';
import { limitLevel } from '../lib/limit-level';
import { createQuery } from '../lib/query';
import { formatAgo, formatDuration } from '../lib/time';
import { text } from '../strings';
import { teamText } from '../strings/team';
import { refetchEachMinute, useTeam } from './team-context';

/** Shows nothing if no device shares its limits. */
export function LimitList(): JSX.Element {
  const { host, now } = useTeam();
  const query = createQuery(() => null, () => host.limits());
  refetchEachMinute(query);
  const current = () => (query.data() ?? []).filter((limit) => Date.parse(limit.resetsAt) > now());
  const next = () => current().reduce<TeamLimit | null>((first, limit) => (first === null || limit.resetsAt < first.resetsAt ? limit : first), null);
  return (
    <Show when={current().length > 0 || query.failure() !== null}>
      <section aria-labelledby="limits-heading">
        <h2 class="page-section" id="limits-heading">
          {teamText.limits.heading}
        </h2>
        <StaleNote failure={query.failure()} message={query.data() === null ? teamText.limits.failed : undefined} onRetry={() => query.refetch()} />
        <ul class="card card--rows">
          <For each={current()}>{(limit) => <LimitRow limit={limit} isNext={limit === next()} />}</For>
        </ul>
        <p class="tiny">{teamText.limits.note}</p>
      </section>
    </Show>
  );
}

function LimitRow(props: { limit: TeamLimit; isNext: boolean }): JSX.Element {
  const { now } = useTeam();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const limit = () => props.limit;
  const mark = () => teamText.limits.marks[limitLevel(limit().usedPercent)];
  const reset = () => {
    const left = formatDuration(Date.parse(limit().resetsAt) - now());
    return props.isNext ? teamText.limits.resetsNext(left) : teamText.limits.resets(left);
  };
  return (
    <li class="list-item" data-testid="limit">
      <span class="list-item__top">
        <span class="list-item__name">
          <SanitizedText class="truncated" value={limit().member} />
          <Show when={mark()}>{(words) => <span class="chip">{words()}</span>}</Show>
        </span>
        <LabeledFigure class="team-row__figure" label={text.provenance.official} sign="official">
          {teamText.limits.used(formatPercent(limit().usedPercent / 100))}
        </LabeledFigure>
      </span>
      <span class="list-item__bottom">
        <span class="list-item__facts">
          <SanitizedText class="truncated" value={[text.quotaWindow[limit().window](limit().scope), limit().device, teamText.limits.read(formatAgo(limit().readAt, now(), zone))].join(' · ')} />
        </span>
        <span class="team-row__end" classList={{ 'team-row__end--active': props.isNext }}>
          {reset()}
        </span>
      </span>
    </li>
  );
}
