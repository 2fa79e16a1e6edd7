// The first steps, shown while nothing was counted: use Claude Code, show its limits, start at login, as far as the host offers
// them. A finished step has a filled disc.
import { createUniqueId, type JSX, Show } from 'solid-js';
import type { RootStatus } from '../bindings/RootStatus';
import { useHost } from '../lib/contexts';
import { formatNumber } from '../lib/format';
import { createSystemSwitches, type SystemSwitch } from '../lib/system-switch';
import { text } from '../strings';
import { RootList } from './root-list';
import { RefusalMessage } from './refusal-message';
import { StatusLinePreview } from './status-line-preview';
import { ToggleSwitch } from './toggle-switch';
import './first-steps.css';

export function FirstSteps(props: { roots: readonly RootStatus[] }): JSX.Element {
  const switches = createSystemSwitches(useHost());
  return (
    <ol class="card card--rows first-steps" aria-label={text.app.empty.steps}>
      <li class="first-steps__step">
        <StepNumber number={1} isDone={false} />
        <div>
          <p class="first-steps__title">{text.app.empty.use}</p>
          <p class="caption">{props.roots.length > 0 ? text.app.empty.folders : text.app.empty.noRoots}</p>
          <Show when={props.roots.length > 0}>
            <RootList roots={props.roots} />
          </Show>
        </div>
      </li>
      <Show when={switches.statusline}>
        {(statusline) => (
          <SwitchStep number={2} title={text.now.limitsOffer.title} note={text.now.limitsOffer.note} state={statusline()} testid="statusline">
            <StatusLinePreview isOn={statusline().isOn() === true} />
          </SwitchStep>
        )}
      </Show>
      <Show when={switches.login}>
        {(login) => <SwitchStep number={3} title={text.settings.autostart} note={text.app.empty.loginNote} state={login()} testid="autostart" />}
      </Show>
    </ol>
  );
}

interface SwitchStepProps {
  number: number;
  title: string;
  note: string;
  state: SystemSwitch;
  testid: string;
  /** What follows the note. */
  children?: JSX.Element;
}

function SwitchStep(props: SwitchStepProps): JSX.Element {
  const id = createUniqueId();
  return (
    <li class="first-steps__step">
      <StepNumber number={props.number} isDone={props.state.isOn() === true} />
      <div>
        <p class="first-steps__title" id={id}>
          {props.title}
        </p>
        <p class="caption">{props.note}</p>
        {props.children}
        <Show when={props.state.refusal()}>{(reason) => <RefusalMessage refusal={reason()} />}</Show>
      </div>
      <Show when={props.state.isOn() !== null}>
        <ToggleSwitch isOn={props.state.isOn() === true} onChange={(next) => props.state.set(next)} labelledBy={id} testid={props.testid} />
      </Show>
    </li>
  );
}

function StepNumber(props: { number: number; isDone: boolean }): JSX.Element {
  return (
    <span class="first-steps__number" classList={{ 'is-done': props.isDone }} aria-hidden="true">
      <Show when={props.isDone} fallback={formatNumber(props.number)}>
        <svg viewBox="0 0 16 16">
          <path d="m4 8.3 2.7 2.7L12 5.3" />
        </svg>
      </Show>
    </span>
  );
}
