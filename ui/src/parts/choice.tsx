// One of a few words, side by side. Arrow keys move and choose at once; only the chosen one is in the tab order.
// A list of the system's own would open a window, which takes the focus and closes the popover.
import { Index, type JSX } from 'solid-js';
import { mirrored, moved } from './tabs';

export interface Option<T extends string> {
  value: T;
  label: JSX.Element;
}

interface ChoiceProps<T extends string> {
  options: readonly Option<T>[];
  /** None of them, where something else holds. */
  chosen: T | null;
  choose: (value: T) => void;
  label?: string | undefined;
  labelledBy?: string | undefined;
  describedBy?: string | undefined;
  disabled?: boolean;
  testid?: string | undefined;
}

const upright: Record<string, string> = { ArrowDown: 'ArrowRight', ArrowUp: 'ArrowLeft' };

export function Choice<T extends string>(props: ChoiceProps<T>): JSX.Element {
  const chosenAt = () => props.options.findIndex((option) => option.value === props.chosen);
  const stop = () => Math.max(0, chosenAt());
  let group!: HTMLDivElement;
  const choose = (value: T) => {
    if (props.disabled !== true && value !== props.chosen) props.choose(value);
  };
  const buttons = () => [...group.querySelectorAll<HTMLElement>('[role=radio]')];
  /** What is chosen may still be on its way to the host; the keyboard is where it is. */
  const onKeyDown = (event: KeyboardEvent) => {
    const from = buttons().findIndex((button) => button === event.target);
    const to = moved(upright[event.key] ?? mirrored(event.key, group), from < 0 ? stop() : from, props.options.length);
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
      class="choice"
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
            class="option"
            aria-checked={option().value === props.chosen}
            aria-disabled={props.disabled}
            tabindex={index === stop() ? 0 : -1}
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
