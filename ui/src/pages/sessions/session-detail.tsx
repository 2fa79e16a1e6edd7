// The details of an expanded session: tokens by kind, models, subagents and facts. Missing data is shown as missing.
// Usage that Claude Code reports beyond its logs is listed separately and included in no total.
import { For, type JSX, Show } from 'solid-js';
import type { UnloggedUsage } from '../../bindings/UnloggedUsage';
import type { SessionStats } from '../../bindings/SessionStats';
import { Cost, hasCost } from '../../components/cost';
import { LabeledFigure } from '../../components/labeled-figure';
import { TokenKindTable } from '../../components/token-kind-charts';
import { UnderLoggedNote } from '../../components/under-logged-note';
import { useClock } from '../../lib/contexts';
import { formatCompact, formatDollars, formatNumber } from '../../lib/format';
import { sanitizeName, sanitizeText, sanitizeTitle, shortModelName } from '../../lib/sanitize';
import { formatDateTime } from '../../lib/time';
import { sumTokens } from '../../lib/token-kinds';
import { text } from '../../strings';
import type { DetailQuery } from './detail-query';
import { SessionActions } from './session-actions';
import { useSessions } from './sessions-context';
import { Timeline } from './timeline-chart';
import { ModelUsage, SubagentUsage } from './usage-breakdown';

interface DetailProps {
  session: SessionStats;
  query: DetailQuery;
}

export function SessionDetail(props: DetailProps): JSX.Element {
  const { changeFlag } = useSessions();
  const detail = () => props.query.data();
  const label = () => text.provenance[props.session.label];
  return (
    <div class="session-detail">
      <UserNotes tags={props.session.tags} description={detail()?.description ?? null} />
      <section>
        <h2>{text.sessionDetail.tokenKinds}</h2>
        <TokenKindTable counts={props.session} oneHour={props.session.cacheCreation1hTokens} label={label()} />
        <UnderLoggedNote messages={props.session.underLoggedMessages} />
      </section>
      <Show when={detail()}>
        {(current) => (
          <>
            <Show when={current().timeline.length > 0}>
              <Timeline points={current().timeline} label={label()} />
            </Show>
            <ModelUsage models={current().models} />
            <SubagentUsage runs={current().runs} />
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
      <SessionFacts session={props.session} showModels={detail() === null} />
      <SessionActions session={props.session} onEdit={changeFlag} />
    </div>
  );
}

/** Tags and description written by the user. */
function UserNotes(props: { tags: readonly string[]; description: string | null }): JSX.Element {
  return (
    <Show when={props.tags.length > 0 || props.description}>
      <section class="session-detail__notes">
        <Show when={props.tags.length > 0}>
          <ul class="tag-list" aria-label={text.sessionDetail.tags} data-testid="tags">
            <For each={props.tags}>
              {(tag) => (
                <li class="tag-list__tag" title={sanitizeTitle(tag)}>
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
      </section>
    </Show>
  );
}

function SessionFacts(props: { session: SessionStats; showModels: boolean }): JSX.Element {
  const { zone } = useClock();
  const session = () => props.session;
  const label = () => text.provenance[session().label];
  const dateTime = (at: string) => <time datetime={at}>{formatDateTime(at, zone())}</time>;
  return (
    <dl class="fact-list">
      <Show when={hasCost(session())}>
        <Fact name={text.sessionDetail.cost}>
          <Cost cost={session()} testid="detail-cost" />
        </Fact>
      </Show>
      <Show when={session().notInLogs}>{(usage) => <NotInLogsFact usage={usage()} />}</Show>
      <Fact name={text.sessionDetail.messages}>
        <LabeledFigure label={label()}>{formatNumber(session().messageCount)}</LabeledFigure>
      </Fact>
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
