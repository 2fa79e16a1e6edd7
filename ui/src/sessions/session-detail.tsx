// A session opened in place: its four kinds of token as bars, and what else the logs say about it.
// What the logs do not say is said to be missing, never guessed.
import { Show, type JSX } from 'solid-js';
import type { SessionStats } from '../bindings/SessionStats';
import { dollars, exact } from '../format';
import { KindBars } from '../parts/kinds';
import { plain, plainTitle } from '../plain';
import { text } from '../text';
import { moment } from '../time';

export function SessionDetail(props: { session: SessionStats; zone: string }): JSX.Element {
  const when = (at: string) => <time datetime={at}>{moment(at, props.zone)}</time>;
  return (
    <div class="detail">
      <KindBars counts={props.session} />
      <dl class="facts">
        <Fact label={text.detail.models}>
          <bdi>{plain(props.session.modelsUsed.join(', ')) || text.detail.unknown}</bdi>
        </Fact>
        <Fact label={text.detail.messages}>{exact(props.session.messageCount)}</Fact>
        <Fact label={text.detail.first}>{when(props.session.startTime)}</Fact>
        <Fact label={text.detail.last}>{when(props.session.lastActivity)}</Fact>
        <Fact label={text.detail.burn}>{text.perMinute(exact(props.session.burnRate))}</Fact>
        <Show when={props.session.totalCost !== null}>
          <Fact label={text.detail.cost}>{text.cost(dollars(props.session.totalCost ?? 0))}</Fact>
        </Show>
        <Fact label={text.detail.project}>
          <bdi>{plainTitle(props.session.projectPath ?? '') || text.detail.unknown}</bdi>
        </Fact>
        <Fact label={text.detail.id}>
          <bdi>{plain(props.session.sessionId)}</bdi>
        </Fact>
      </dl>
    </div>
  );
}

function Fact(props: { label: string; children: JSX.Element }): JSX.Element {
  return (
    <div class="fact">
      <dt>{props.label}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
