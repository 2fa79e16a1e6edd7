// A row of toggle buttons. The values are kept in the order they are chosen, up to a maximum.
import { createSignal, For, type JSX, Show } from 'solid-js';
import { formatNumber } from '../../lib/format';
import { text } from '../../strings';
import type { SettingFieldProps } from './field-props';
import { optionLabel } from './format-value';

export function MultiSelect(props: SettingFieldProps & { options: readonly string[]; max: number }): JSX.Element {
  const [isFull, setFull] = createSignal(false);
  const chosen = () => (Array.isArray(props.row.value) ? props.row.value.map(String) : []);
  const toggle = (value: string) => {
    if (!props.row.canChange) return;
    const without = chosen().filter((other) => other !== value);
    const next = without.length < chosen().length ? without : [...without, value];
    setFull(next.length > props.max);
    if (next.length <= props.max) props.save(next);
  };
  return (
    <>
      <div class="option-group" role="group" aria-labelledby={props.labelledBy} aria-describedby={props.describedBy}>
        <For each={props.options}>
          {(value) => (
            <button
              type="button"
              class="option-group__option"
              aria-pressed={chosen().includes(value)}
              aria-disabled={!props.row.canChange}
              data-value={value}
              onClick={() => toggle(value)}
            >
              {optionLabel(props.row.key, value)}
              <Show when={chosen().length > 1 && chosen().includes(value)}>
                <span class="option-group__position">{formatNumber(chosen().indexOf(value) + 1)}</span>
              </Show>
            </button>
          )}
        </For>
      </div>
      <p class="caption" role="status">
        {isFull() ? text.settings.atMost(formatNumber(props.max)) : ''}
      </p>
    </>
  );
}
