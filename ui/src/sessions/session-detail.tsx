// A session opened in place: its four kinds of token as bars, what else the logs say about it, and what can be done with it.
// What the logs do not say is said to be missing, never guessed; what Claude Code's own counter says beyond them
// stands by itself, and is added to nothing.
import { For, Show, type JSX } from 'solid-js';
import type { NotInLogs } from '../bindings/NotInLogs';
import type { SessionStats } from '../bindings/SessionStats';
import { compact, dollars, exact } from '../format';
import { total } from '../kinds';
import { Cost, hasCost } from '../parts/cost';
import { KindBars } from '../parts/kinds';
import { Labelled } from '../parts/labelled';
import { UnderLogged } from '../parts/under-logged';
import { plain, plainText, plainTitle, shortModel } from '../plain';
import { text } from '../text';
import { moment } from '../time';
import { Actions } from './actions';
import type { Detail } from './detail';
import { Models, Runs } from './breakdown';
import type { Edit } from './edits';
import { Timeline } from './timeline-bars';

interface DetailProps {
  session: SessionStats;
  known: Detail;
  zone: string;
  mark: (edit: Edit) => void;
}

export function SessionDetail(props: DetailProps): JSX.Element {
  const detail = () => props.known.detail();
  const label = () => text.label[props.session.label];
  return (
    <div class="detail">
      <Said tags={props.session.tags} description={detail()?.description ?? null} />
      <section>
        <div class="headed">
          <h2>{text.detail.kinds}</h2>
          <span class="label">{label()}</span>
        </div>
        <KindBars counts={props.session} oneHour={props.session.cacheCreation1hTokens} label={label()} />
        <UnderLogged messages={props.session.underLoggedMessages} />
      </section>
      <Show when={detail()}>
        {(known) => (
          <>
            <Show when={known().timeline.length > 0}>
              <Timeline points={known().timeline} label={label()} zone={props.zone} />
            </Show>
            <Models models={known().models} />
            <Runs runs={known().runs} />
          </>
        )}
      </Show>
      <Show when={props.known.failure()}>
        {(refused) => (
          <p class="pair note" role="status">
            <span>{`${text.detail.failed} ${plain(refused().message)}`}</span>
            <button type="button" class="quiet" onClick={() => props.known.again()}>
              {text.again}
            </button>
          </p>
        )}
      </Show>
      <Facts {...props} modelsShown={detail() !== null} />
      <Actions session={props.session} make={props.mark} />
    </div>
  );
}

/** What its user wrote about it. */
function Said(props: { tags: readonly string[]; description: string | null }): JSX.Element {
  return (
    <Show when={props.tags.length > 0 || props.description}>
      <section class="said">
        <Show when={props.tags.length > 0}>
          <ul class="tags" aria-label={text.detail.tags} data-testid="tags">
            <For each={props.tags}>
              {(tag) => (
                <li class="tag" title={plainTitle(tag)}>
                  <bdi>{plain(tag)}</bdi>
                </li>
              )}
            </For>
          </ul>
        </Show>
        <Show when={props.description}>
          {(description) => (
            <p class="description" data-testid="description">
              <bdi>{plainText(description())}</bdi>
            </p>
          )}
        </Show>
      </section>
    </Show>
  );
}

function Facts(props: DetailProps & { modelsShown: boolean }): JSX.Element {
  const session = () => props.session;
  const label = () => text.label[session().label];
  const when = (at: string) => <time datetime={at}>{moment(at, props.zone)}</time>;
  return (
    <dl class="facts">
      <Show when={hasCost(session())}>
        <Fact name={text.detail.cost}>
          <Cost of={session()} testid="detail-cost" />
        </Fact>
      </Show>
      <Show when={session().notInLogs}>{(rest) => <Beyond rest={rest()} />}</Show>
      <Fact name={text.detail.messages}>
        <Labelled label={label()}>{exact(session().messageCount)}</Labelled>
      </Fact>
      <Fact name={text.detail.burn}>
        <Labelled label={label()}>{text.perMinute(exact(session().burnRate))}</Labelled>
      </Fact>
      <Show when={!props.modelsShown}>
        <Fact name={text.detail.models}>
          <bdi>{plain(session().modelsUsed.map(shortModel).join(', ')) || text.detail.unknown}</bdi>
        </Fact>
      </Show>
      <Fact name={text.detail.name}>
        <span data-testid="name-source">{text.detail.nameSource[session().nameSource]}</span>
      </Fact>
      <Fact name={text.detail.branch}>
        <bdi>{plainTitle(session().branch ?? '') || text.detail.unknown}</bdi>
      </Fact>
      <Show when={session().worktree}>
        {(worktree) => (
          <Fact name={text.detail.worktree}>
            <bdi>{plainTitle(worktree())}</bdi>
          </Fact>
        )}
      </Show>
      <Fact name={text.detail.project}>
        <bdi>{plainTitle(session().projectPath ?? '') || text.detail.unknown}</bdi>
      </Fact>
      <Fact name={text.detail.first}>{when(session().startTime)}</Fact>
      <Fact name={text.detail.last}>{when(session().lastActivity)}</Fact>
      <Fact name={text.detail.id}>
        <bdi>{plain(session().sessionId)}</bdi>
      </Fact>
    </dl>
  );
}

/** Claude Code's counter beyond the logs; in no sum anywhere. */
function Beyond(props: { rest: NotInLogs }): JSX.Element {
  const cost = () => dollars(props.rest.cost);
  const amount = () => text.costLabelled(props.rest.costIsLowerBound ? text.detail.atLeast(cost()) : cost());
  const each = () => text.tokens(exact(total(props.rest)));
  return (
    <Fact name={text.detail.notInLogs}>
      <span data-testid="not-in-logs" title={text.detail.notInLogsTitle}>
        <Labelled label={text.detail.notInLogsSaid} title={each()} heard>
          {text.tokens(compact(total(props.rest)))}
        </Labelled>
        {', '}
        <span class="cost" data-figure title={text.apiEquivalentTitle}>
          {amount()}
        </span>
      </span>
    </Fact>
  );
}

function Fact(props: { name: string; children: JSX.Element }): JSX.Element {
  return (
    <div class="fact">
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
