// One setting: what it is called, its control, where its value comes from, and the way back from what was saved here.
// Why a value was refused stands beneath it, with what holds instead.
import { createSignal, createUniqueId, Show, type JSX } from 'solid-js';
import type { SettingRow } from '../bindings/SettingRow';
import type { Refusal } from '../host/host';
import { Refused } from '../parts/refused';
import { plain } from '../plain';
import { text } from '../text';
import { Field } from './fields';
import { own } from './groups';
import { said, typed, word } from './value';

interface SettingProps {
  row: SettingRow;
  change: (key: string, value: unknown) => Promise<Refusal | null>;
  /** What else stands at its foot. */
  children?: JSX.Element;
}

export function Setting(props: SettingProps): JSX.Element {
  const id = createUniqueId();
  const [refusal, setRefusal] = createSignal<Refusal | null>(null);
  const words = () => own(text.settingsPage.settings, props.row.key);
  const label = () => words()?.label ?? plain(props.row.key);
  const save = async (value: unknown) => {
    setRefusal(null);
    setRefusal(await props.change(props.row.key, value));
  };
  const type = (field: string) => {
    const sent = typed(props.row, field);
    if ('value' in sent) return void save(sent.value);
    setRefusal(null);
    setRefusal({ code: 'badValue', message: sent.wrong, hint: null });
  };
  const narrow = () => isNarrow(props.row);
  return (
    <div class="setting" classList={{ narrow: narrow(), fixed: !props.row.canChange }} data-testid="setting" data-key={props.row.key}>
      <div class="setting-words">
        <Show when={isOneControl(props.row)} fallback={<span class="setting-name" id={`${id}-label`}>{label()}</span>}>
          <label class="setting-name" id={`${id}-label`} for={`${id}-field`}>
            {label()}
          </label>
        </Show>
        <Show when={words()?.note}>{(note) => <p class="note">{note()}</p>}</Show>
      </div>
      <div class="setting-control">
        <Field
          row={props.row}
          id={`${id}-field`}
          labelledBy={`${id}-label`}
          describedBy={`${id}-about`}
          save={(value) => void save(value)}
          type={type}
          takeBack={() => setRefusal(null)}
          refused={refusal() !== null}
        />
      </div>
      <div class="setting-foot">
        <p class="note" id={`${id}-about`} data-testid="origin">
          {about(props.row)}
        </p>
        <Show when={props.row.origin === 'saved'}>
          <button
            type="button"
            class="quiet"
            data-testid="reset"
            aria-label={text.settingsPage.resetOf(label())}
            title={said({ ...props.row, value: props.row.default })}
            onClick={() => void save(null)}
          >
            {text.settingsPage.reset}
          </button>
        </Show>
        {props.children}
      </div>
      <Show when={refusal()}>
        {(refused) => (
          <Refused
            refusal={refused()}
            more={text.settingsPage.stays(word(props.row.key, said(props.row)))}
            testid="setting-refused"
          />
        )}
      </Show>
    </div>
  );
}

/** Whether a press on its name can mean one control only. */
function isOneControl(row: SettingRow): boolean {
  return row.kind !== 'choice' && row.kind !== 'choices' && !(row.kind === 'number' && row.words.length > 0);
}

/** Controls that leave room for their words beside them. */
function isNarrow(row: SettingRow): boolean {
  return row.kind === 'switch' || row.kind === 'duration' || row.kind === 'numbers' || (row.kind === 'number' && row.words.length === 0);
}

/** Where its value comes from, when a change holds, and why there can be none. */
function about(row: SettingRow): string {
  const parts: string[] = [text.settingsPage.origin[row.origin]];
  if (row.needsRestart) parts.push(text.settingsPage.needsRestart);
  if (!row.canChange) parts.push(whyFixed(row));
  return parts.join(' · ');
}

function whyFixed({ origin }: SettingRow): string {
  return origin === 'environment' || origin === 'flag' ? text.settingsPage.fixedBy[origin] : text.settingsPage.fixed;
}
