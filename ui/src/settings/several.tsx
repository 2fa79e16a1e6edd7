// Some of a few words, in the order they are chosen. It refuses more than there may be, and says so.
import { createSignal, For, Show, type JSX } from 'solid-js';
import { exact } from '../format';
import { text } from '../text';
import type { FieldProps } from './fields';
import { word } from './value';

export function Several(props: FieldProps & { words: readonly string[]; most: number }): JSX.Element {
  const [full, setFull] = createSignal(false);
  const chosen = () => (Array.isArray(props.row.value) ? props.row.value.map(String) : []);
  const toggle = (value: string) => {
    if (!props.row.canChange) return;
    const without = chosen().filter((other) => other !== value);
    const next = without.length < chosen().length ? without : [...without, value];
    setFull(next.length > props.most);
    if (next.length <= props.most) props.save(next);
  };
  return (
    <>
      <div class="choice" role="group" aria-labelledby={props.labelledBy} aria-describedby={props.describedBy}>
        <For each={props.words}>
          {(value) => (
            <button
              type="button"
              class="option"
              aria-pressed={chosen().includes(value)}
              aria-disabled={!props.row.canChange}
              data-value={value}
              onClick={() => toggle(value)}
            >
              {word(props.row.key, value)}
              <Show when={chosen().length > 1 && chosen().includes(value)}>
                <span class="place">{exact(chosen().indexOf(value) + 1)}</span>
              </Show>
            </button>
          )}
        </For>
      </div>
      <p class="note" role="status">
        {full() ? text.settingsPage.most(exact(props.most)) : ''}
      </p>
    </>
  );
}
