// The running sessions, those that wait for the user first; without any, the active or the latest sessions. Each opens on the
// Sessions page.
import { For, Index, type JSX, Show } from 'solid-js';
import type { SessionAgent } from '../../bindings/SessionAgent';
import type { Totals } from '../../bindings/Totals';
import { CacheCountdown, ContextMeter } from '../../components/agent-meters';
import { AgentShape } from '../../components/agent-shape';
import { CardLink } from '../../components/card-link';
import { CostCell } from '../../components/cost';
import { LabeledFigure } from '../../components/labeled-figure';
import { SessionSummary } from '../../components/session-summary';
import { countAgents, waitingReason } from '../../lib/agents';
import { useRouting, useSnapshot } from '../../lib/contexts';
import { formatCompact, formatNumber } from '../../lib/format';
import { baseName, sanitizeName, sanitizeTitle, shortModelName } from '../../lib/sanitize';
import { text } from '../../strings';

/** The maximum number of running sessions and of other sessions; the Sessions page has all. */
const [MAX_AGENTS, MAX_RECENT] = [6, 3];

export function Agents(): JSX.Element {
  const snapshot = useSnapshot();
  return (
    <Show when={snapshot().agents.length > 0} fallback={<RecentSessions />}>
      <section class="recent-sessions" aria-labelledby="agents-heading">
        <div class="page-section">
          <h2 id="agents-heading">
            <CardLink to={{ page: 'sessions' }} testid="open-sessions">
              {text.agents.heading}
            </CardLink>
          </h2>
          <AgentCounts />
        </div>
        <ul class="card card--rows agent-list" data-testid="agents">
          <Index each={snapshot().agents.slice(0, MAX_AGENTS)}>{(agent) => <AgentItem agent={agent()} />}</Index>
          <Show when={snapshot().agents.length > MAX_AGENTS}>
            <MoreAgents count={snapshot().agents.length - MAX_AGENTS} />
          </Show>
        </ul>
      </section>
    </Show>
  );
}

/** The number of sessions in each state. The shapes are read as words. */
function AgentCounts(): JSX.Element {
  const snapshot = useSnapshot();
  return (
    <span class="agent-counts" data-testid="agent-counts">
      <For each={countAgents(snapshot().agents)}>
        {({ state, count }) => (
          <LabeledFigure class="agent-counts__count" label={text.provenance.official} title={text.agents.counts[state](formatNumber(count), count)}>
            <AgentShape state={state} />
            {formatNumber(count)}
          </LabeledFigure>
        )}
      </For>
    </span>
  );
}

function AgentItem(props: { agent: SessionAgent }): JSX.Element {
  const routing = useRouting();
  const open = () => routing.go(props.agent.hasMessages ? { page: 'session', sessionId: props.agent.sessionId } : { page: 'sessions' });
  return (
    <li data-testid="agent">
      <button type="button" class="bare-button list-item--button agent-item" onClick={open}>
        <span class="agent-item__shape">
          <AgentShape state={props.agent.status.state} />
        </span>
        <span class="agent-item__name" title={sanitizeTitle(props.agent.displayName)}>
          <bdi class="truncated">{sanitizeName(props.agent.displayName)}</bdi>
        </span>
        <span class="agent-item__context">
          <Show when={props.agent.context}>{(context) => <ContextMeter context={context()} />}</Show>
        </span>
        <AgentUsage totals={props.agent.totals} />
        <AgentDetail agent={props.agent} />
        <span class="agent-item__cache">
          <Show when={props.agent.promptCache}>{(cache) => <CacheCountdown cache={cache()} isShort />}</Show>
        </span>
      </button>
    </li>
  );
}

/** The tokens and the cost of a session. */
function AgentUsage(props: { totals: Totals | null }): JSX.Element {
  return (
    <Show when={props.totals}>
      {(totals) => (
        <>
          <LabeledFigure class="list-item__total agent-item__total" label={text.provenance[totals().label]} title={text.tokens(formatNumber(totals().totalTokens))}>
            {formatCompact(totals().totalTokens)}
          </LabeledFigure>
          <span class="list-item__cost agent-item__cost">
            <CostCell cost={totals()} />
          </span>
        </>
      )}
    </Show>
  );
}

/** What the session waits for; otherwise its project, branch and model. */
function AgentDetail(props: { agent: SessionAgent }): JSX.Element {
  const reason = () => waitingReason(props.agent.status);
  const models = () => (props.agent.hasMessages ? props.agent.modelsUsed.map(shortModelName).join(', ') : text.agents.noAnswerYet);
  const place = () => [baseName(props.agent.projectPath ?? text.sessions.noProject), props.agent.branch ?? '', models()].filter((part) => part !== '').map(sanitizeName);
  return (
    <Show
      when={reason()}
      fallback={
        <span class="agent-item__detail" title={sanitizeTitle(props.agent.projectPath ?? text.sessions.noProject)}>
          <bdi class="truncated">{place().join(' · ')}</bdi>
        </span>
      }
    >
      {(words) => (
        <span class="agent-item__detail agent-item__detail--waiting" title={words()} data-testid="waiting-for">
          <bdi class="truncated">{words()}</bdi>
        </span>
      )}
    </Show>
  );
}

function MoreAgents(props: { count: number }): JSX.Element {
  const routing = useRouting();
  return (
    <li>
      <button type="button" class="bare-button list-item--button agent-item__more" onClick={() => routing.go({ page: 'sessions' })}>
        <LabeledFigure label={text.provenance.official}>{text.agents.more(formatNumber(props.count))}</LabeledFigure>
      </button>
    </li>
  );
}

/** The active sessions, otherwise the latest ones, while nothing is known about running sessions. */
function RecentSessions(): JSX.Element {
  const snapshot = useSnapshot();
  const routing = useRouting();
  const active = () => snapshot().recentSessions.filter((session) => session.isActive);
  const shown = () => (active().length > 0 ? active() : snapshot().recentSessions).slice(0, MAX_RECENT);
  const heading = () => (active().length > 0 ? text.now.activeSessions : text.now.recentSessions);
  return (
    <Show when={shown().length > 0}>
      <section class="recent-sessions" aria-labelledby="recent-heading">
        <h2 class="page-section" id="recent-heading">
          <CardLink to={{ page: 'sessions' }} testid="open-sessions">
            {heading()}
          </CardLink>
        </h2>
        <ul class="card card--rows">
          <Index each={shown()}>
            {(session) => (
              <li data-testid="recent-session">
                <button type="button" class="bare-button list-item list-item--button session-summary" onClick={() => routing.go({ page: 'session', sessionId: session().sessionId })}>
                  <SessionSummary session={session()} />
                </button>
              </li>
            )}
          </Index>
        </ul>
      </section>
    </Show>
  );
}
