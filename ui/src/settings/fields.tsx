// The control of a setting, by what it can be. What is typed is saved when it is left or with Enter, Escape takes it back;
// everything else is saved as it is chosen. A refused text stays to be put right.
import { createEffect, createMemo, createSignal, on, onMount, Show, type JSX } from 'solid-js';
import type { SettingRow } from '../bindings/SettingRow';
import { isComposed } from '../keys';
import { Choice } from '../parts/choice';
import { Switch } from '../parts/switch';
import { text } from '../text';
import { own } from './groups';
import { Several } from './several';
import { word, written } from './value';

export interface FieldProps {
  row: SettingRow;
  /** Its own id where it is typed into, the id of what it is called, and of what is said about it. */
  id: string;
  labelledBy: string;
  describedBy: string;
  /** Saves what was chosen. */
  save: (value: unknown) => void;
  /** Saves what was typed. */
  type: (field: string) => void;
  /** Nothing is refused any longer. */
  takeBack: () => void;
  refused: boolean;
}

export function Field(props: FieldProps): JSX.Element {
  // A setting's kind never changes while the program runs.
  const row = props.row;
  switch (row.kind) {
    case 'switch':
      return <SwitchField {...props} />;
    case 'choice':
      return <ChoiceField {...props} words={row.words} />;
    case 'choices':
      return <Several {...props} words={row.words} most={row.most} />;
    case 'number':
      return row.words.length > 0 ? <NumberOrWord {...props} words={row.words} /> : <TextField {...props} />;
    case 'numbers':
    case 'duration':
      return <TextField {...props} />;
    case 'text':
      return <TextField {...props} lines={(row).several} wide />;
  }
}

function SwitchField(props: FieldProps): JSX.Element {
  return (
    <Switch
      id={props.id}
      on={props.row.value === true}
      turn={props.save}
      labelledBy={props.labelledBy}
      describedBy={props.describedBy}
      disabled={!props.row.canChange}
    />
  );
}

function ChoiceField(props: FieldProps & { words: readonly string[] }): JSX.Element {
  return (
    <Choice
      options={props.words.map((value) => ({ value, label: word(props.row.key, value) }))}
      chosen={String(props.row.value)}
      choose={props.save}
      labelledBy={props.labelledBy}
      describedBy={props.describedBy}
      disabled={!props.row.canChange}
    />
  );
}

/** No word of any setting. */
const OWN = '#';

/** Some words, and a field for whoever wants a number instead; nothing is saved before there is one. */
function NumberOrWord(props: FieldProps & { words: readonly string[] }): JSX.Element {
  const [typing, setTyping] = createSignal(false);
  const isNumber = () => typeof props.row.value === 'number';
  const shown = () => typing() || isNumber();
  const options = () => [
    ...props.words.map((value) => ({ value, label: word(props.row.key, value) })),
    { value: OWN, label: text.settingsPage.ownNumber },
  ];
  const choose = (value: string) => {
    setTyping(value === OWN);
    props.takeBack();
    if (value !== OWN) props.save(value);
  };
  return (
    <div class="number-or-word">
      <Choice
        options={options()}
        chosen={shown() ? OWN : String(props.row.value)}
        choose={choose}
        labelledBy={props.labelledBy}
        describedBy={props.describedBy}
        disabled={!props.row.canChange}
      />
      <Show when={shown()}>
        <TextField {...props} />
      </Show>
    </div>
  );
}

function TextField(props: FieldProps & { lines?: boolean; wide?: boolean }): JSX.Element {
  let field!: HTMLInputElement | HTMLTextAreaElement;
  const held = createMemo(() => (props.row.kind === 'number' && typeof props.row.value !== 'number' ? '' : written(props.row)));
  let sent = '';
  const unit = () => own(text.settingsPage.settings, props.row.key)?.unit;
  const save = () => {
    if (!props.row.canChange) return;
    if (field.value.trim() === held().trim()) return props.takeBack();
    if (field.value.trim() === '' && props.row.kind === 'number') return;
    // Leaving what was just refused is not asking again.
    if (props.refused && field.value === sent) return;
    sent = field.value;
    props.type(sent);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposed(event)) return;
    const saves = event.key === 'Enter' && (props.lines !== true || event.ctrlKey || event.metaKey);
    const takesBack = event.key === 'Escape' && (field.value !== held() || props.refused);
    if (!saves && !takesBack) return;
    event.preventDefault();
    if (saves) return save();
    field.value = held();
    props.takeBack();
  };
  onMount(() => (field.value = held()));
  // What changes elsewhere does not overwrite what is being typed.
  const isTyped = (before: string) => field === document.activeElement && field.value !== before && field.value !== sent;
  createEffect(on(held, (value, before = '') => void (isTyped(before) || (field.value = value)), { defer: true }));
  const common = {
    id: props.id,
    class: 'input',
    dir: 'auto' as const,
    autocomplete: 'off',
    spellcheck: false,
    'aria-labelledby': props.labelledBy,
    'on:keydown': onKeyDown,
    'on:change': save,
  };
  return (
    <span class="text-field" classList={{ wide: props.wide === true, several: props.row.kind === 'numbers' }}>
      <Show
        when={props.lines}
        fallback={
          <input
            {...common}
            ref={(element) => (field = element)}
            type="text"
            inputmode={props.row.kind === 'number' ? 'numeric' : 'text'}
            readOnly={!props.row.canChange}
            aria-describedby={props.describedBy}
            aria-invalid={props.refused}
          />
        }
      >
        <textarea
          {...common}
          ref={(element) => (field = element)}
          rows={Math.min(5, Math.max(2, held().split('\n').length))}
          readOnly={!props.row.canChange}
          aria-describedby={props.describedBy}
          aria-invalid={props.refused}
        />
      </Show>
      <Show when={unit()}>{(words) => <span class="note">{words()}</span>}</Show>
    </span>
  );
}
