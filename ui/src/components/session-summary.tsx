// A session on two lines: name and tokens; project, branch, models, last activity and cost. Names and paths are sanitized.
import { type JSX, Show } from 'solid-js';
import type { SessionStats } from '../bindings/SessionStats';
import { useClock } from '../lib/contexts';
import { formatCompact, formatNumber } from '../lib/format';
import { baseName, sanitizeName, sanitizeTitle, shortModelName } from '../lib/sanitize';
import { formatAgo, formatDateTime } from '../lib/time';
import { text } from '../strings';
import { AgentShape } from './agent-shape';
import { CostCell } from './cost';
import { MutedBell, Pin } from './icons';
import { LabeledFigure } from './labeled-figure';
import './session-summary.css';

interface SummaryProps {
  session: SessionStats;
}

/** The two lines of a session, for an element with the class `session-summary`. */
export function SessionSummary(props: SummaryProps): JSX.Element {
  return (
    <>
      <SessionState session={props.session} />
      <span class="list-item__top">
        <span class="list-item__name" title={sanitizeTitle(props.session.displayName)}>
          <bdi class="truncated" data-testid="session-name">{sanitizeName(props.session.displayName)}</bdi>
          <SessionFlags session={props.session} />
        </span>
        <FirstTag tags={props.session.tags} />
        <LabeledFigure class="list-item__total" label={totalLabel(props.session)} title={text.tokens(formatNumber(props.session.totalTokens))}>
          {formatCompact(props.session.totalTokens)}
        </LabeledFigure>
      </span>
      <span class="list-item__bottom">
        <SessionFacts {...props} />
        <SessionTime {...props} />
        <span class="list-item__cost" data-testid="session-cost">
          <CostCell cost={props.session} />
        </span>
      </span>
    </>
  );
}

/** Returns the provenance label of the total, which is a lower bound if output was under-logged. */
function totalLabel(session: SessionStats): string {
  const label = text.provenance[session.label];
  return session.underLoggedMessages > 0 ? `${label}, ${text.underLogged}` : label;
}

/** What the session does, if it runs; otherwise a disc if it was used just now. */
function SessionState(props: SummaryProps): JSX.Element {
  return (
    <span class="session-summary__state">
      <Show when={props.session.agent} fallback={<ActiveDot active={props.session.isActive} />}>
        {(agent) => <AgentShape state={agent().state} />}
      </Show>
    </span>
  );
}

function ActiveDot(props: { active: boolean }): JSX.Element {
  return (
    <Show when={props.active}>
      <svg class="agent-shape agent-shape--busy" viewBox="0 0 12 12" role="img" aria-label={text.sessions.isActive}>
        <circle cx="6" cy="6" r="4.5" />
      </svg>
    </Show>
  );
}

/** The first tag; all tags are in the title and in the expanded session. */
function FirstTag(props: { tags: readonly string[] }): JSX.Element {
  return (
    <Show when={props.tags[0]}>
      {(tag) => (
        <span class="chip session-summary__tag" title={sanitizeTitle(props.tags.join(', '))}>
          <bdi class="truncated">{sanitizeName(tag())}</bdi>
        </span>
      )}
    </Show>
  );
}

/** The session's flags: pinned, muted, hidden. */
function SessionFlags(props: { session: SessionStats }): JSX.Element {
  return (
    <>
      <Show when={props.session.isPinned}>
        <span class="session-summary__flag" title={text.sessions.isPinned}>
          <Pin />
          <span class="visually-hidden">, {text.sessions.isPinned}</span>
        </span>
      </Show>
      <Show when={props.session.isMuted}>
        <span class="session-summary__flag" title={text.sessions.isMuted}>
          <MutedBell />
          <span class="visually-hidden">, {text.sessions.isMuted}</span>
        </span>
      </Show>
      <Show when={props.session.isHidden}>
        <span class="session-summary__flag chip">{text.sessions.isHidden}</span>
      </Show>
    </>
  );
}

function SessionFacts(props: SummaryProps): JSX.Element {
  const models = () => props.session.modelsUsed.map(shortModelName).join(', ');
  const path = () => props.session.projectPath ?? text.sessions.noProject;
  return (
    <span class="list-item__facts">
      <span class="session-summary__project" title={sanitizeTitle(path())}>
        <bdi class="truncated">{sanitizeName(baseName(path()))}</bdi>
      </span>
      <Show when={props.session.branch}>
        {(branch) => (
          <span class="session-summary__branch" title={sanitizeTitle(branch())}>
            <bdi class="truncated">{sanitizeName(branch())}</bdi>
          </span>
        )}
      </Show>
      <span class="session-summary__models" title={sanitizeTitle(props.session.modelsUsed.join(', '))}>
        <bdi class="truncated">{sanitizeName(models() || text.sessions.noModel)}</bdi>
      </span>
    </span>
  );
}

function SessionTime(props: SummaryProps): JSX.Element {
  const { now, zone } = useClock();
  return (
    <time class="session-summary__time" datetime={props.session.lastActivity} title={formatDateTime(props.session.lastActivity, zone())}>
      {formatAgo(props.session.lastActivity, now(), zone())}
    </time>
  );
}
