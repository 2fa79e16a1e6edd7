// The context and the prompt cache of a session, and what the session waits for. Shown only where they are known.
import { type JSX, Show } from 'solid-js';
import type { ContextUse } from '../../bindings/ContextUse';
import type { PromptCache } from '../../bindings/PromptCache';
import type { SessionStats } from '../../bindings/SessionStats';
import { CacheCountdown, ContextBar } from '../../components/agent-meters';
import { LabeledFigure } from '../../components/labeled-figure';
import { waitingReason } from '../../lib/agents';
import { formatCompact, formatDollars, formatNumber, formatPercent } from '../../lib/format';
import { text } from '../../strings';

/** The width of the context's bar in pixels. */
const BAR_WIDTH = 72;

export function ContextAndCache(props: { session: SessionStats }): JSX.Element {
  const reason = () => (props.session.agent === null ? null : waitingReason(props.session.agent));
  return (
    <Show when={props.session.context ?? props.session.promptCache ?? reason()}>
      <div class="card__split session-context" data-testid="session-context">
        <Show when={reason()}>
          {(words) => (
            <p class="session-context__reason">
              <bdi>{words()}</bdi>
            </p>
          )}
        </Show>
        <p class="row-between">
          <Show when={props.session.context}>{(context) => <ContextFigure context={context()} />}</Show>
          <Show when={props.session.promptCache}>{(cache) => <CacheFigure cache={cache()} />}</Show>
        </p>
        <Show when={props.session.promptCache}>{(cache) => <CacheDetails cache={cache()} />}</Show>
      </div>
    </Show>
  );
}

function ContextFigure(props: { context: ContextUse }): JSX.Element {
  const window = () => props.context.window;
  const words = () => (window() === null ? text.tokens(formatCompact(props.context.tokens)) : text.agents.contextOf(formatCompact(props.context.tokens), formatCompact(window() ?? 0)));
  const title = () => text.agents.contextTitle(formatNumber(props.context.tokens), window() === null ? null : formatNumber(window() ?? 0));
  return (
    <span class="session-context__part">
      <span class="card__label">{text.agents.context}</span>
      <ContextBar context={props.context} width={BAR_WIDTH} />
      <LabeledFigure label={text.provenance[props.context.label]} title={title()} sign={props.context.label === 'measured' ? undefined : props.context.label}>
        {words()}
      </LabeledFigure>
    </span>
  );
}

function CacheFigure(props: { cache: PromptCache }): JSX.Element {
  return (
    <span class="session-context__part">
      <span class="card__label">{text.agents.cache}</span>
      <CacheCountdown cache={props.cache} />
    </span>
  );
}

/** What a prompt costs once the cache is cold, and how much of the last one came from the cache. */
function CacheDetails(props: { cache: PromptCache }): JSX.Element {
  const cost = () => (props.cache.coldCost === null ? null : formatDollars(props.cache.coldCost));
  return (
    <p class="row-between tiny">
      <Show when={props.cache.coldTokens}>
        {(tokens) => (
          <LabeledFigure label={`${text.provenance.estimated}, ${text.apiEquivalent}`} title={text.tokens(formatNumber(tokens()))}>
            {text.agents.coldPrompt(formatCompact(tokens()), cost())}
          </LabeledFigure>
        )}
      </Show>
      <Show when={props.cache.hitPercent !== null}>
        <LabeledFigure label={text.provenance[props.cache.label]} title={text.agents.hitsTitle}>
          {text.agents.hits(formatPercent((props.cache.hitPercent ?? 0) / 100))}
        </LabeledFigure>
      </Show>
    </p>
  );
}
