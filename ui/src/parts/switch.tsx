// On or off. What it switches is told by the label it is handed.
import type { JSX } from 'solid-js';

interface SwitchProps {
  id?: string;
  on: boolean;
  turn: (on: boolean) => void;
  labelledBy: string;
  describedBy?: string | undefined;
  disabled?: boolean;
  testid?: string | undefined;
}

export function Switch(props: SwitchProps): JSX.Element {
  return (
    <button
      type="button"
      role="switch"
      class="switch"
      id={props.id}
      aria-checked={props.on}
      aria-labelledby={props.labelledBy}
      aria-describedby={props.describedBy}
      aria-disabled={props.disabled}
      data-testid={props.testid}
      onClick={() => props.disabled === true || props.turn(!props.on)}
    >
      <span class="switch-knob" />
    </button>
  );
}
