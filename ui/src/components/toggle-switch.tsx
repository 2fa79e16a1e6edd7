// An on/off switch. Its accessible name comes from the element `labelledBy` refers to.
import type { JSX } from 'solid-js';
import './toggle-switch.css';

interface ToggleSwitchProps {
  id?: string;
  isOn: boolean;
  onChange: (on: boolean) => void;
  labelledBy: string;
  describedBy?: string | undefined;
  disabled?: boolean;
  testid?: string | undefined;
}

export function ToggleSwitch(props: ToggleSwitchProps): JSX.Element {
  return (
    <button
      type="button"
      role="switch"
      class="toggle-switch"
      id={props.id}
      aria-checked={props.isOn}
      aria-labelledby={props.labelledBy}
      aria-describedby={props.describedBy}
      aria-disabled={props.disabled}
      data-testid={props.testid}
      onClick={() => props.disabled === true || props.onChange(!props.isOn)}
    >
      <span class="toggle-switch__knob" />
    </button>
  );
}
