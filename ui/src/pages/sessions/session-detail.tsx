// The details of a session as cards: its name and totals, its timeline, models and subagents, facts, and the
// command that continues it. Missing data is shown as missing. Usage that Claude Code reports beyond its logs is listed
// separately and included in no total.
import { For, type JSX, Show } from 'solid-js';
import type { UnloggedUsage } from '../../bindings/UnloggedUsage';
import type { SessionStats } from '../../bindings/SessionStats';
import { AgentShape } from '../../components/agent-shape';
import { Cost, hasCost } from '../../components/cost';
import { Branch, Pencil } from '../../components/icons';
import { LabeledFigure } from '../../components/labeled-figure';
import { KindBreakdown } from '../../components/kind-breakdown';
import { UnderLoggedNote } from '../../components/under-logged-note';
import { useClock, useFeature } from '../../lib/contexts';
import { formatCompact, formatDollars, formatNumber } from '../../lib/format';
import { baseName, sanitizeName, sanitizeText, sanitizeTitle, shortModelName } from '../../lib/sanitize';
import { formatClock, formatDateTime, formatIsoDay } from '../../lib/time';
import { sumTokens } from '../../lib/token-kinds';
import { text } from '../../strings';
import { ContextAndCache } from './context-and-cache';
import type { DetailQuery } from './detail-query';
import { OpenFolder } from './open-folder';
import { PullRequests } from './pull-requests';
import { ResumeCommand } from './resume-command';
import { Timeline } from './timeline-chart';
import { ModelUsage, SubagentUsage } from './usage-breakdown';

interface DetailProps {
  session: SessionStats;
  query: DetailQuery;
  onEdit: () => void;
}

export function SessionDetail(props: DetailProps): JSX.Element {
  const detail = () => props.query.data();
  const label = () => text.provenance[props.session.label];
  return (
    <div class="session-detail" data-testid="session-detail">
      <section class="card session-detail__totals">
        <div>
          <SessionTitle session={props.session} onEdit={props.onEdit} />
          <UserNotes tags={props.session.tags} description={detail()?.description ?? null} />
          <SessionTotals session={props.session} />
        </div>
        <div class="session-detail__kinds">
          <KindBreakdown totals={props.session} showsOneHour />
          <UnderLoggedNote messages={props.session.underLoggedMessages} />
        </div>
        <ContextAndCache session={props.session} />
      </section>
      <Show when={detail()}>
        {(current) => (
          <>
            <Show when={current().timeline.length > 0}>
              <Timeline points={current().timeline} label={label()} />
            </Show>
            <Show when={current().models.length + current().runs.length > 0}>
              <section class="card session-detail__usage">
                <ModelUsage models={current().models} />
                <SubagentUsage runs={current().runs} />
              </section>
            </Show>
          </>
        )}
      </Show>
      <Show when={props.query.failure()}>
        {(failure) => (
          <p class="row-between caption" role="status">
            <span>{`${text.sessionDetail.failed} ${sanitizeName(failure().message)}`}</span>
            <button type="button" class="link-button" onClick={() => props.query.refetch()}>
              {text.retry}
            </button>
          </p>
        )}
      </Show>
      <Show when={detail()?.pullRequests.length}>
        <PullRequests rows={detail()?.pullRequests ?? []} />
      </Show>
      <SessionFacts session={props.session} showModels={detail() === null} />
      <ResumeCommand sessionId={props.session.sessionId} />
      <Show when={useFeature('openFolder')}>
        <OpenFolder session={props.session} />
      </Show>
    </div>
  );
}

/** The name with its pencil and state, and the project with its branch. */
function SessionTitle(props: { session: SessionStats; onEdit: () => void }): JSX.Element {
  const name = () => sanitizeName(props.session.displayName);
  return (
    <>
      <div class="session-detail__title">
        <h2 title={sanitizeTitle(props.session.displayName)}>
          <bdi>{name()}</bdi>
        </h2>
        <button type="button" class="button button--icon" data-control="edit" data-testid="rename-button" aria-label={text.sessionEdit.open(name())} onClick={() => props.onEdit()}>
          <Pencil />
        </button>
        <SessionState session={props.session} />
      </div>
      <p class="session-detail__place caption">
        <bdi>{sanitizeName(baseName(props.session.projectPath ?? text.sessions.noProject))}</bdi>
        <Show when={props.session.branch}>
          {(branch) => (
            <span class="session-detail__branch">
              <Branch />
              <bdi>{sanitizeName(branch())}</bdi>
            </span>
          )}
        </Show>
      </p>
    </>
  );
}

/** What the session does, in a word. A session of an old version of Claude Code only shows that it was used just now. */
function SessionState(props: { session: SessionStats }): JSX.Element {
  const state = () => props.session.agent?.state ?? (props.session.isActive ? 'busy' : null);
  const words = () => (props.session.agent === null ? text.sessionDetail.isActive : text.agents.states[props.session.agent.state]);
  return (
    <Show when={state()}>
      {(current) => (
        <span class={`session-detail__state session-detail__state--${current()}`} data-testid="session-state">
          <AgentShape state={current()} isDecorative />
          {words()}
        </span>
      )}
    </Show>
  );
}

function SessionTotals(props: { session: SessionStats }): JSX.Element {
  const { zone } = useClock();
  const label = () => text.provenance[props.session.label];
  const time = (at: string) => (isOneDay() ? formatClock(at, zone()) : formatDateTime(at, zone()));
  const isOneDay = () => formatIsoDay(props.session.startTime, zone()) === formatIsoDay(props.session.lastActivity, zone());
  return (
    <>
      <p class="row-between headline">
        <LabeledFigure class="headline__figure" label={label()} title={text.tokens(formatNumber(props.session.totalTokens))}>
          {formatCompact(props.session.totalTokens)}
        </LabeledFigure>
        <Show when={hasCost(props.session)}>
          <span class="card__figure">
            <Cost cost={props.session} testid="detail-cost" />
          </span>
        </Show>
      </p>
      <p class="readout__details">
        <time datetime={props.session.startTime}>{text.sessionDetail.span(time(props.session.startTime), time(props.session.lastActivity))}</time>
        <LabeledFigure label={label()}>{text.messages(formatNumber(props.session.messageCount), props.session.messageCount)}</LabeledFigure>
      </p>
    </>
  );
}

/** Tags and description written by the user. */
function UserNotes(props: { tags: readonly string[]; description: string | null }): JSX.Element {
  return (
    <>
      <Show when={props.tags.length > 0}>
        <ul class="tag-list" aria-label={text.sessionDetail.tags} data-testid="tags">
          <For each={props.tags}>
            {(tag) => (
              <li class="chip tag-list__tag" title={sanitizeTitle(tag)}>
                <bdi>{sanitizeName(tag)}</bdi>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Show when={props.description}>
        {(description) => (
          <p class="session-detail__description" data-testid="description">
            <bdi>{sanitizeText(description())}</bdi>
          </p>
        )}
      </Show>
    </>
  );
}

function SessionFacts(props: { session: SessionStats; showModels: boolean }): JSX.Element {
  const { zone } = useClock();
  const session = () => props.session;
  const label = () => text.provenance[session().label];
  const dateTime = (at: string) => <time datetime={at}>{formatDateTime(at, zone())}</time>;
  return (
    <section class="card" aria-labelledby="facts-heading">
      <h2 class="visually-hidden" id="facts-heading">
        {text.sessionDetail.facts}
      </h2>
      <dl class="fact-list selectable">
        <Show when={session().notInLogs}>{(usage) => <NotInLogsFact usage={usage()} />}</Show>
        <Fact name={text.sessionDetail.burnRate}>
          <LabeledFigure label={label()}>{text.perMinute(formatNumber(session().burnRate))}</LabeledFigure>
        </Fact>
        <Show when={props.showModels}>
          <Fact name={text.sessionDetail.models}>
            <bdi>{sanitizeName(session().modelsUsed.map(shortModelName).join(', ')) || text.sessionDetail.notLogged}</bdi>
          </Fact>
        </Show>
        <Fact name={text.sessionDetail.nameFrom}>
          <span data-testid="name-source">{text.sessionDetail.nameSource[session().nameSource]}</span>
        </Fact>
        <Fact name={text.sessionDetail.branch}>
          <bdi>{sanitizeTitle(session().branch ?? '') || text.sessionDetail.notLogged}</bdi>
        </Fact>
        <Show when={session().worktree}>
          {(worktree) => (
            <Fact name={text.sessionDetail.worktree}>
              <bdi>{sanitizeTitle(worktree())}</bdi>
            </Fact>
          )}
        </Show>
        <Fact name={text.sessionDetail.project}>
          <bdi>{sanitizeTitle(session().projectPath ?? '') || text.sessionDetail.notLogged}</bdi>
        </Fact>
        <Fact name={text.sessionDetail.firstActivity}>{dateTime(session().startTime)}</Fact>
        <Fact name={text.sessionDetail.lastActivity}>{dateTime(session().lastActivity)}</Fact>
        <Fact name={text.sessionDetail.id}>
          <bdi>{sanitizeName(session().sessionId)}</bdi>
        </Fact>
      </dl>
    </section>
  );
}

/** Usage that Claude Code reports beyond its logs; included in no total. */
function NotInLogsFact(props: { usage: UnloggedUsage }): JSX.Element {
  const cost = () => formatDollars(props.usage.cost);
  const amount = () => (props.usage.costIsLowerBound ? text.sessionDetail.atLeast(cost()) : cost());
  const exactTokens = () => text.tokens(formatNumber(sumTokens(props.usage)));
  return (
    <Fact name={text.sessionDetail.notInLogs}>
      <span data-testid="not-in-logs" title={text.sessionDetail.notInLogsTitle}>
        <LabeledFigure label={text.sessionDetail.notInLogsLabel} title={exactTokens()}>
          {text.tokens(formatCompact(sumTokens(props.usage)))}
        </LabeledFigure>
        {', '}
        <LabeledFigure class="cost" label={text.apiEquivalent} title={text.apiEquivalentTitle}>
          {amount()}
        </LabeledFigure>
      </span>
    </Fact>
  );
}

function Fact(props: { name: string; children: JSX.Element }): JSX.Element {
  return (
    <div class="fact-list__row">
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
