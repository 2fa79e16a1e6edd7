// The Sessions page: the sessions of those who share them, with their figures, the latest first.
import { For, type JSX, Match, Show, Switch } from 'solid-js';
import { LabeledFigure } from '../components/labeled-figure';
import { SanitizedText } from '../components/sanitized-text';
import { EmptyNote, LoadError, LoadingNote, StaleNote } from '../components/status-notes';
import type { TeamSession, TeamSessionList } from '../host/team';
import { formatCompact, formatDollars, formatNumber } from '../lib/format';
import { createQuery } from '../lib/query';
import { sanitizeTitle } from '../lib/sanitize';
import { formatAgo } from '../lib/time';
import { text } from '../strings';
import { teamText } from '../strings/team';
import { refetchEachMinute, useTeam } from './team-context';

/** The number of characters of a pseudonym that stands for a name. */
const PSEUDONYM_CHARS = 8;

export function SessionsPage(): JSX.Element {
  const { host } = useTeam();
  const query = createQuery(() => null, () => host.sessions());
  refetchEachMinute(query);
  return (
    <div class="page-stack">
      <Switch fallback={<LoadingNote message={teamText.loading} />}>
        <Match when={query.data()}>
          {(list) => (
            <>
              <StaleNote failure={query.failure()} onRetry={() => query.refetch()} />
              <Show when={list().sessions.length > 0} fallback={<EmptyNote message={teamText.sessions.none} hint={teamText.sessions.noneHint} />}>
                <SessionList list={list()} />
              </Show>
            </>
          )}
        </Match>
        <Match when={query.failure()}>
          {(failure) => <LoadError message={teamText.sessions.failed} failure={failure()} onRetry={() => query.refetch()} />}
        </Match>
      </Switch>
    </div>
  );
}

function SessionList(props: { list: TeamSessionList }): JSX.Element {
  const count = () => props.list.sessions.length;
  return (
    <section aria-labelledby="sessions-heading">
      <h2 class="page-section" id="sessions-heading">
        {teamText.sessions.heading(formatNumber(count()), count(), formatNumber(props.list.sharingDevices), props.list.sharingDevices)}
      </h2>
      <ul class="card card--rows team-sessions">
        <For each={props.list.sessions}>{(session) => <SessionRow session={session} />}</For>
      </ul>
      <Show when={props.list.hasMore}>
        <p class="tiny">{teamText.sessions.hasMore}</p>
      </Show>
    </section>
  );
}

function SessionRow(props: { session: TeamSession }): JSX.Element {
  const { now } = useTeam();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const session = () => props.session;
  const name = () => session().sessionName ?? teamText.sessions.unnamed(session().session.slice(0, PSEUDONYM_CHARS));
  const place = () => [session().member, session().repository ?? session().project?.slice(0, PSEUDONYM_CHARS), session().branch];
  const last = () => (session().isActive ? teamText.sessions.active : session().lastActivity && formatAgo(session().lastActivity ?? '', now(), zone));
  const cost = () => (session().totalCost === null ? teamText.sessions.unpriced : formatDollars(session().totalCost ?? 0));
  return (
    <li class="list-item" data-testid="team-session">
      <span class="list-item__top">
        <span class="list-item__name">
          <SanitizedText class="truncated" value={name()} />
          <For each={session().tags}>{(tag) => <TagChip tag={tag} />}</For>
        </span>
        <LabeledFigure class="team-row__figure" label={text.provenance.measured}>
          {teamText.sessions.tokens(formatCompact(session().totalTokens))}
        </LabeledFigure>
        <LabeledFigure class="team-row__figure" label={text.apiEquivalent} title={text.apiEquivalentTitle}>
          {cost()}
        </LabeledFigure>
      </span>
      <span class="list-item__bottom">
        <span class="list-item__facts">
          <SanitizedText class="truncated" value={place().filter((part) => part).join(' · ')} />
        </span>
        <span class="team-row__end" classList={{ 'team-row__end--active': session().isActive }}>
          {last()}
        </span>
      </span>
      <Show when={session().description}>
        {(description) => (
          <span class="list-item__bottom">
            <SanitizedText class="truncated" value={description()} />
          </span>
        )}
      </Show>
    </li>
  );
}

function TagChip(props: { tag: string }): JSX.Element {
  return (
    <span class="chip team-sessions__tag" title={sanitizeTitle(props.tag)}>
      <SanitizedText class="truncated" value={props.tag} />
    </span>
  );
}
