// A row of radio buttons. Arrow keys move and choose at once; only the chosen one is in the tab order. A native select
// would open a window, which takes the focus and closes the popover.
import { Index, type JSX } from 'solid-js';
import { mirrorKey, nextTabIndex } from './tabs';
import './radio-group.css';

export interface RadioOption<T extends string> {
  value: T;
  label: JSX.Element;
}

interface RadioGroupProps<T extends string> {
  options: readonly RadioOption<T>[];
  /** Null if none of the options is chosen. */
  chosen: T | null;
  choose: (value: T) => void;
  label?: string | undefined;
  labelledBy?: string | undefined;
  describedBy?: string | undefined;
  disabled?: boolean;
  testid?: string | undefined;
}

const verticalKeys: Record<string, string> = { ArrowDown: 'ArrowRight', ArrowUp: 'ArrowLeft' };

export function RadioGroup<T extends string>(props: RadioGroupProps<T>): JSX.Element {
  const chosenAt = () => props.options.findIndex((option) => option.value === props.chosen);
  const tabStop = () => Math.max(0, chosenAt());
  let group!: HTMLDivElement;
  const choose = (value: T) => {
    if (props.disabled !== true && value !== props.chosen) props.choose(value);
  };
  const buttons = () => [...group.querySelectorAll<HTMLElement>('[role=radio]')];
  /** Moves from the focused button, because the chosen value may still be on its way to the host. */
  const onKeyDown = (event: KeyboardEvent) => {
    const from = buttons().findIndex((button) => button === event.target);
    const to = nextTabIndex(verticalKeys[event.key] ?? mirrorKey(event.key, group), from < 0 ? tabStop() : from, props.options.length);
    const option = props.options[to ?? -1];
    if (to === null || !option) return;
    event.preventDefault();
    event.stopPropagation();
    choose(option.value);
    buttons()[to]?.focus();
  };
  return (
    <div
      ref={(element) => (group = element)}
      class="option-group"
      role="radiogroup"
      aria-label={props.label}
      aria-labelledby={props.labelledBy}
      aria-describedby={props.describedBy}
      aria-disabled={props.disabled}
      data-testid={props.testid}
      onKeyDown={onKeyDown}
    >
      <Index each={props.options}>
        {(option, index) => (
          <button
            type="button"
            role="radio"
            class="option-group__option"
            aria-checked={option().value === props.chosen}
            aria-disabled={props.disabled}
            tabindex={index === tabStop() ? 0 : -1}
            data-value={option().value}
            onClick={() => choose(option().value)}
          >
            {option().label}
          </button>
        )}
      </Index>
    </div>
  );
}
