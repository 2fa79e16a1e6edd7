// One setting: label, control, origin of its value, and a reset button for a saved value. A refusal is shown below it
// with the value that stays.
import { createSignal, createUniqueId, type JSX, Show } from 'solid-js';
import type { SettingRow } from '../../bindings/SettingRow';
import { RefusalMessage } from '../../components/refusal-message';
import type { ApiError } from '../../bindings/ApiError';
import { sanitizeName } from '../../lib/sanitize';
import { text } from '../../strings';
import { displayText, optionLabel, parseInput } from './format-value';
import { SettingField } from './setting-field';
import { ownValue } from './setting-groups';

interface SettingProps {
  row: SettingRow;
  change: (key: string, value: unknown) => Promise<ApiError | null>;
  /** Further controls in the footer. */
  children?: JSX.Element;
}

export function Setting(props: SettingProps): JSX.Element {
  const id = createUniqueId();
  const [refusal, setRefusal] = createSignal<ApiError | null>(null);
  const texts = () => ownValue(text.settings.fields, props.row.key);
  const label = () => texts()?.label ?? sanitizeName(props.row.key);
  const save = async (value: unknown) => {
    setRefusal(null);
    setRefusal(await props.change(props.row.key, value));
  };
  const saveText = (input: string) => {
    const parsed = parseInput(props.row, input);
    if ('value' in parsed) return void save(parsed.value);
    setRefusal(null);
    setRefusal({ code: 'badValue', message: parsed.error, hint: null });
  };
  const isInline = () => fitsInline(props.row);
  return (
    <div class="setting" classList={{ 'setting--inline': isInline(), 'setting--read-only': !props.row.canChange, 'is-changed': props.row.origin !== 'default' }} data-testid="setting" data-key={props.row.key}>
      <div class="setting__text">
        <Show when={isSingleControl(props.row)} fallback={<span class="setting__name" id={`${id}-label`}>{label()}</span>}>
          <label class="setting__name" id={`${id}-label`} for={`${id}-field`}>
            {label()}
          </label>
        </Show>
        <Show when={texts()?.note}>{(note) => <p class="caption">{note()}</p>}</Show>
      </div>
      <div class="setting__control">
        <SettingField
          row={props.row}
          id={`${id}-field`}
          labelledBy={`${id}-label`}
          describedBy={`${id}-about`}
          save={(value) => void save(value)}
          saveText={saveText}
          clearRefusal={() => setRefusal(null)}
          isRefused={refusal() !== null}
        />
      </div>
      <div class="setting__footer" classList={{ 'is-quiet': isUnremarkable(props.row) }}>
        <p class="caption" classList={{ 'visually-hidden': isUnremarkable(props.row) }} id={`${id}-about`} data-testid="origin">
          {footerText(props.row)}
        </p>
        <Show when={props.row.origin === 'saved' && props.row.canChange}>
          <button
            type="button"
            class="link-button"
            data-testid="reset"
            aria-label={text.settings.resetOf(label())}
            title={displayText({ ...props.row, value: props.row.default })}
            onClick={() => void save(null)}
          >
            {text.settings.reset}
          </button>
        </Show>
        {props.children}
      </div>
      <Show when={refusal()}>
        {(reason) => (
          <RefusalMessage
            refusal={reason()}
            more={text.settings.staysAt(optionLabel(props.row.key, displayText(props.row)))}
            testid="setting-refused"
          />
        )}
      </Show>
    </div>
  );
}

/** Returns true if clicking the label can refer to one control. */
function isSingleControl(row: SettingRow): boolean {
  return row.kind !== 'choice' && row.kind !== 'choices' && !(row.kind === 'number' && row.words.length > 0);
}

/** Returns true for a default that can be changed at once: it needs no words. */
function isUnremarkable(row: SettingRow): boolean {
  return row.origin === 'default' && row.canChange && !row.needsRestart;
}

/** The most options and characters of a choice that fits beside its label. */
const [MAX_INLINE_OPTIONS, MAX_INLINE_CHARACTERS] = [4, 24];

/** Returns true if the control fits beside its label. */
function fitsInline(row: SettingRow): boolean {
  if (row.kind === 'choice') {
    const length = row.words.reduce((sum, word) => sum + optionLabel(row.key, word).length, 0);
    return row.words.length <= MAX_INLINE_OPTIONS && length <= MAX_INLINE_CHARACTERS;
  }
  return row.kind === 'switch' || row.kind === 'duration' || row.kind === 'numbers' || (row.kind === 'number' && row.words.length === 0);
}

/** Returns the origin of the value, if it needs a restart, and the reason it is read-only. */
function footerText(row: SettingRow): string {
  const parts: string[] = [text.settings.origin[row.origin]];
  if (row.needsRestart) parts.push(text.settings.needsRestart);
  if (!row.canChange) parts.push(readOnlyReason(row));
  return parts.join(' · ');
}

function readOnlyReason({ origin, needsRestart }: SettingRow): string {
  if (origin === 'environment' || origin === 'flag') return text.settings.setElsewhere[origin];
  return needsRestart ? text.settings.readAtStartup : text.settings.notFromHere;
}
