// How full the context of a session is, and how long its prompt cache stays warm.
import { type JSX, Show } from 'solid-js';
import type { ContextUse } from '../bindings/ContextUse';
import type { PromptCache } from '../bindings/PromptCache';
import { cacheState } from '../lib/agents';
import { useClock } from '../lib/contexts';
import { formatCompact, formatNumber, formatPercent } from '../lib/format';
import { limitLevel } from '../lib/limit-level';
import { formatClock, formatCountdown } from '../lib/time';
import { text } from '../strings';
import './agent.css';
import { Clock } from './icons';
import { LabeledFigure } from './labeled-figure';

/** The size of the bar in pixels. */
const BAR_HEIGHT = 5;

/** The used share of the context as a bar. Without a known window there is none. */
export function ContextBar(props: { context: ContextUse; width: number }): JSX.Element {
  const share = () => Math.min(1, (props.context.percent ?? 0) / 100);
  return (
    <Show when={props.context.percent !== null}>
      <svg class={`context-bar level--${limitLevel(props.context.percent ?? 0)}`} width={props.width} height={BAR_HEIGHT} aria-hidden="true">
        <rect class="context-bar__track" width={props.width} height={BAR_HEIGHT} rx={BAR_HEIGHT / 2} />
        <rect class="context-bar__used" width={share() * props.width} height={BAR_HEIGHT} rx={BAR_HEIGHT / 2} />
      </svg>
    </Show>
  );
}

/** The bar with its percentage; the tokens if the window is unknown. */
export function ContextMeter(props: { context: ContextUse }): JSX.Element {
  const { context } = text.agents;
  const window = () => props.context.window;
  const title = () => text.agents.contextTitle(formatNumber(props.context.tokens), window() === null ? null : formatNumber(window() ?? 0));
  return (
    <LabeledFigure class="context-meter tiny" label={`${context}, ${text.provenance[props.context.label]}`} title={title()} testid="context">
      <ContextBar context={props.context} width={34} />
      {props.context.percent === null ? formatCompact(props.context.tokens) : formatPercent(props.context.percent / 100)}
    </LabeledFigure>
  );
}

/** The time for which the cache stays warm, counted down; or that it is cold. */
export function CacheCountdown(props: { cache: PromptCache; isShort?: boolean }): JSX.Element {
  const { now, zone } = useClock();
  const state = () => cacheState(props.cache, now());
  const left = () => {
    const current = state();
    return current.kind === 'warm' ? current : null;
  };
  return (
    <Show
      when={left()}
      fallback={
        <span class="cache-countdown" title={text.agents.coldTitle} data-testid="cache">
          {props.isShort ? text.agents.cacheColdShort : text.agents.cacheCold}
        </span>
      }
    >
      {(warm) => (
        <span class="cache-countdown" classList={{ 'cache-countdown--soon': warm().isSoon }} title={text.agents.warmUntil(formatClock(props.cache.expiresAt, zone()))} data-testid="cache">
          <Clock />
          <span class="visually-hidden">{`${text.agents.cache} ${text.agents.cacheWarm} `}</span>
          <time>{formatCountdown(warm().left)}</time>
        </span>
      )}
    </Show>
  );
}
