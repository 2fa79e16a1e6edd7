// A session on two lines: name and total; project, models and last activity. Names and paths are sanitized.
import { type JSX, Show } from 'solid-js';
import type { SessionStats } from '../bindings/SessionStats';
import { useClock } from '../lib/contexts';
import { formatCompact, formatNumber } from '../lib/format';
import { baseName, sanitizeName, sanitizeTitle, shortModelName } from '../lib/sanitize';
import { formatAgo, formatDateTime } from '../lib/time';
import { text } from '../strings';
import { CostCell } from './cost';
import { MutedBell, Pin } from './icons';
import { LabeledFigure } from './labeled-figure';
import './session-summary.css';

interface SummaryProps {
  session: SessionStats;
  /** True to show the cost below the total; a heading above has its label. */
  showCost?: boolean;
}

export function SessionSummary(props: SummaryProps): JSX.Element {
  return (
    <>
      <span class="list-item__top">
        <span class="list-item__name" title={sanitizeTitle(props.session.displayName)}>
          <bdi data-testid="session-name">{sanitizeName(props.session.displayName)}</bdi>
          <ActiveDot active={props.session.isActive} />
          <SessionFlags session={props.session} />
        </span>
        <LabeledFigure class="list-item__total" label={totalLabel(props.session)} title={text.tokens(formatNumber(props.session.totalTokens))} hideLabel>
          {formatCompact(props.session.totalTokens)}
        </LabeledFigure>
      </span>
      <span class="list-item__bottom">
        <SessionFacts {...props} />
        <Show when={props.showCost}>
          <span class="list-item__cost" data-testid="session-cost">
            <CostCell cost={props.session} />
          </span>
        </Show>
      </span>
    </>
  );
}

/** Returns the provenance label of the total, which is a lower bound if output was under-logged. */
function totalLabel(session: SessionStats): string {
  const label = text.provenance[session.label];
  return session.underLoggedMessages > 0 ? `${label}, ${text.underLogged}` : label;
}

function ActiveDot(props: { active: boolean }): JSX.Element {
  return (
    <Show when={props.active}>
      <svg class="session-summary__active-dot" viewBox="0 0 8 8" role="img" aria-label={text.sessions.isActive}>
        <circle cx="4" cy="4" r="3" />
      </svg>
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
        <span class="session-summary__flag caption">{text.sessions.isHidden}</span>
      </Show>
    </>
  );
}

function SessionFacts(props: SummaryProps): JSX.Element {
  const { now, zone } = useClock();
  const models = () => props.session.modelsUsed.map(shortModelName).join(', ');
  return (
    <span class="list-item__facts">
      <span class="session-summary__project" title={sanitizeTitle(props.session.projectPath ?? text.sessions.noProject)}>
        <bdi>{sanitizeName(baseName(props.session.projectPath ?? text.sessions.noProject))}</bdi>
      </span>
      <span class="session-summary__models" title={sanitizeTitle(props.session.modelsUsed.join(', '))}>
        <bdi>{sanitizeName(models() || text.sessions.noModel)}</bdi>
      </span>
      <time
        class="session-summary__time"
        datetime={props.session.lastActivity}
        title={formatDateTime(props.session.lastActivity, zone())}
      >
        {formatAgo(props.session.lastActivity, now(), zone())}
      </time>
    </span>
  );
}
