// A session on two lines: its name and total; its project, models and last activity.
// The same wherever a session is listed. It refuses to show a path or a name as it came: both are cleaned.
import { Show, type JSX } from 'solid-js';
import type { SessionStats } from '../bindings/SessionStats';
import { compact, exact } from '../format';
import { baseName, plain, plainTitle, shortModel } from '../plain';
import { text } from '../text';
import { ago, moment } from '../time';
import { CostCell } from './cost';
import { Muted, Pin } from './icons';
import { Labelled } from './labelled';

interface LineProps {
  session: SessionStats;
  zone: string;
  now: number;
  /** Whether its cost stands under its total; a heading above says what costs mean. */
  cost?: boolean;
}

export function SessionLine(props: LineProps): JSX.Element {
  return (
    <>
      <span class="line-top">
        <span class="line-name" title={plainTitle(props.session.displayName)}>
          <bdi data-testid="session-name">{plain(props.session.displayName)}</bdi>
          <Dot active={props.session.isActive} />
          <Marks session={props.session} />
        </span>
        <Labelled class="line-total" label={label(props.session)} title={text.tokens(exact(props.session.totalTokens))} heard>
          {compact(props.session.totalTokens)}
        </Labelled>
      </span>
      <span class="line-bottom">
        <Facts {...props} />
        <Show when={props.cost}>
          <span class="line-cost" data-testid="session-cost">
            <CostCell of={props.session} />
          </span>
        </Show>
      </span>
    </>
  );
}

/** What is heard of a total: it is a lower bound where output was under-logged. */
function label(session: SessionStats): string {
  const said = text.label[session.label];
  return session.underLoggedMessages > 0 ? `${said}, ${text.underLogged}` : said;
}

function Dot(props: { active: boolean }): JSX.Element {
  return (
    <Show when={props.active}>
      <svg class="dot" viewBox="0 0 8 8" role="img" aria-label={text.isActive}>
        <circle cx="4" cy="4" r="3" />
      </svg>
    </Show>
  );
}

/** What its user made of it. */
function Marks(props: { session: SessionStats }): JSX.Element {
  return (
    <>
      <Show when={props.session.isPinned}>
        <span class="line-mark" title={text.sessions.isPinned}>
          <Pin />
          <span class="heard">, {text.sessions.isPinned}</span>
        </span>
      </Show>
      <Show when={props.session.isMuted}>
        <span class="line-mark" title={text.sessions.isMuted}>
          <Muted />
          <span class="heard">, {text.sessions.isMuted}</span>
        </span>
      </Show>
      <Show when={props.session.isHidden}>
        <span class="line-mark note">{text.sessions.isHidden}</span>
      </Show>
    </>
  );
}

function Facts(props: LineProps): JSX.Element {
  const models = () => props.session.modelsUsed.map(shortModel).join(', ');
  return (
    <span class="line-facts">
      <span class="line-project" title={plainTitle(props.session.projectPath ?? text.sessions.noProject)}>
        <bdi>{plain(baseName(props.session.projectPath ?? text.sessions.noProject))}</bdi>
      </span>
      <span class="line-models" title={plainTitle(props.session.modelsUsed.join(', '))}>
        <bdi>{plain(models() || text.sessions.noModel)}</bdi>
      </span>
      <time
        class="line-time"
        datetime={props.session.lastActivity}
        title={moment(props.session.lastActivity, props.zone)}
      >
        {ago(props.session.lastActivity, props.now, props.zone)}
      </time>
    </span>
  );
}
