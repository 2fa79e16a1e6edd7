// What a running session does, as a shape and a color: a triangle waits for the user, a disc is busy, a ring is idle.
import { type JSX, Match, Switch } from 'solid-js';
import type { AgentState } from '../bindings/AgentState';
import { text } from '../strings';
import './agent.css';

interface ShapeProps {
  state: AgentState;
  /** True beside the words, which a screen reader reads instead. */
  isDecorative?: boolean;
}

export function AgentShape(props: ShapeProps): JSX.Element {
  return (
    <svg
      class={`agent-shape agent-shape--${props.state}`}
      viewBox="0 0 12 12"
      role={props.isDecorative ? undefined : 'img'}
      aria-hidden={props.isDecorative ? 'true' : undefined}
      aria-label={props.isDecorative ? undefined : text.agents.states[props.state]}
    >
      <Switch>
        <Match when={props.state === 'waiting'}>
          <path d="M5.3 1.6a.8.8 0 0 1 1.4 0l4.5 8a.8.8 0 0 1-.7 1.2h-9a.8.8 0 0 1-.7-1.2z" />
        </Match>
        <Match when={props.state === 'busy'}>
          <circle cx="6" cy="6" r="4.5" />
        </Match>
        <Match when={props.state === 'idle'}>
          <circle cx="6" cy="6" r="3.9" />
        </Match>
      </Switch>
    </svg>
  );
}
