// The control of a setting, by its kind. Text is saved on Enter or blur, and Escape reverts it; everything else is
// saved at once. Refused text stays for correction.
import { createEffect, createMemo, createSignal, type JSX, on, onMount, Show } from 'solid-js';
import { RadioGroup } from '../../components/radio-group';
import { ToggleSwitch } from '../../components/toggle-switch';
import { isComposing } from '../../lib/key-handlers';
import { text } from '../../strings';
import type { SettingFieldProps } from './field-props';
import { fieldText, optionLabel } from './format-value';
import { MultiSelect } from './multi-select';
import { ownValue } from './setting-groups';

export function SettingField(props: SettingFieldProps): JSX.Element {
  // A setting's kind never changes at runtime.
  const row = props.row;
  switch (row.kind) {
    case 'switch':
      return <SwitchField {...props} />;
    case 'choice':
      return <ChoiceField {...props} options={row.words} />;
    case 'choices':
      return <MultiSelect {...props} options={row.words} max={row.most} />;
    case 'number':
      return row.words.length > 0 ? <NumberOrPresetField {...props} options={row.words} /> : <TextField {...props} />;
    case 'numbers':
    case 'duration':
      return <TextField {...props} />;
    case 'text':
      return <TextField {...props} isMultiline={row.several} isWide />;
  }
}

function SwitchField(props: SettingFieldProps): JSX.Element {
  return (
    <ToggleSwitch
      id={props.id}
      isOn={props.row.value === true}
      onChange={props.save}
      labelledBy={props.labelledBy}
      describedBy={props.describedBy}
      disabled={!props.row.canChange}
    />
  );
}

function ChoiceField(props: SettingFieldProps & { options: readonly string[] }): JSX.Element {
  return (
    <RadioGroup
      options={props.options.map((value) => ({ value, label: optionLabel(props.row.key, value) }))}
      chosen={String(props.row.value)}
      choose={props.save}
      labelledBy={props.labelledBy}
      describedBy={props.describedBy}
      disabled={!props.row.canChange}
    />
  );
}

/** Equals no fixed value of any setting. */
const CUSTOM_NUMBER = '#';

/** Fixed values, and a field for a custom number. Nothing is saved before a number is entered. */
function NumberOrPresetField(props: SettingFieldProps & { options: readonly string[] }): JSX.Element {
  const [isTyping, setTyping] = createSignal(false);
  const isNumber = () => typeof props.row.value === 'number';
  const isCustom = () => isTyping() || isNumber();
  const options = () => [
    ...props.options.map((value) => ({ value, label: optionLabel(props.row.key, value) })),
    { value: CUSTOM_NUMBER, label: text.settings.customNumber },
  ];
  const choose = (value: string) => {
    setTyping(value === CUSTOM_NUMBER);
    props.clearRefusal();
    if (value !== CUSTOM_NUMBER) props.save(value);
  };
  return (
    <div class="number-or-preset">
      <RadioGroup
        options={options()}
        chosen={isCustom() ? CUSTOM_NUMBER : String(props.row.value)}
        choose={choose}
        labelledBy={props.labelledBy}
        describedBy={props.describedBy}
        disabled={!props.row.canChange}
      />
      <Show when={isCustom()}>
        <TextField {...props} />
      </Show>
    </div>
  );
}

function TextField(props: SettingFieldProps & { isMultiline?: boolean; isWide?: boolean }): JSX.Element {
  let field!: HTMLInputElement | HTMLTextAreaElement;
  const savedText = createMemo(() => (props.row.kind === 'number' && typeof props.row.value !== 'number' ? '' : fieldText(props.row)));
  let sentText = '';
  const unit = () => ownValue(text.settings.fields, props.row.key)?.unit;
  const save = () => {
    if (!props.row.canChange) return;
    if (field.value.trim() === savedText().trim()) return props.clearRefusal();
    if (field.value.trim() === '' && props.row.kind === 'number') return;
    // Leaving a field with a refused value does not send it again.
    if (props.isRefused && field.value === sentText) return;
    sentText = field.value;
    props.saveText(sentText);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    const saves = event.key === 'Enter' && (props.isMultiline !== true || event.ctrlKey || event.metaKey);
    const reverts = event.key === 'Escape' && (field.value !== savedText() || props.isRefused);
    if (!saves && !reverts) return;
    event.preventDefault();
    if (saves) return save();
    field.value = savedText();
    props.clearRefusal();
  };
  onMount(() => (field.value = savedText()));
  // A change from elsewhere does not overwrite what is being typed.
  const isTyped = (previous: string) => field === document.activeElement && field.value !== previous && field.value !== sentText;
  createEffect(on(savedText, (value, previous = '') => void (isTyped(previous) || (field.value = value)), { defer: true }));
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
    <span class="text-field" classList={{ 'text-field--wide': props.isWide === true, 'text-field--list': props.row.kind === 'numbers' }}>
      <Show
        when={props.isMultiline}
        fallback={
          <input
            {...common}
            ref={(element) => (field = element)}
            type="text"
            inputmode={props.row.kind === 'number' ? 'numeric' : 'text'}
            readOnly={!props.row.canChange}
            aria-describedby={props.describedBy}
            aria-invalid={props.isRefused}
          />
        }
      >
        <textarea
          {...common}
          ref={(element) => (field = element)}
          rows={Math.min(5, Math.max(2, savedText().split('\n').length))}
          readOnly={!props.row.canChange}
          aria-describedby={props.describedBy}
          aria-invalid={props.isRefused}
        />
      </Show>
      <Show when={unit()}>{(label) => <span class="caption">{label()}</span>}</Show>
    </span>
  );
}
