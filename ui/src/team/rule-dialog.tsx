// The form of a rule, in a dialog. The hub checks it, and its refusal is shown.
import { createSignal, For, Index, type JSX, Show } from 'solid-js';
import { createStore } from 'solid-js/store';
import { Dialog } from '../components/dialog';
import { Cross } from '../components/icons';
import { SanitizedText } from '../components/sanitized-text';
import { toRefusal } from '../host/refusal';
import type { AllocationRule } from '../host/team';
import { text } from '../strings';
import { teamText } from '../strings/team';
import { conditionNames, parseRuleFields, ruleFields, shareError } from './rule-text';
import { useTeam } from './team-context';

interface RuleDialogProps {
  /** Null for a new rule. */
  rule: AllocationRule | null;
  onClose: () => void;
  onSaved: () => void;
}

const strings = teamText.rules;

export function RuleDialog(props: RuleDialogProps): JSX.Element {
  const { host } = useTeam();
  const [fields, setFields] = createStore(ruleFields(props.rule));
  const [isSaving, setSaving] = createSignal(false);
  const [error, setError] = createSignal<string | null>(null);
  const save = async () => {
    if (isSaving()) return;
    const wrong = shareError(fields.shares);
    setError(wrong);
    if (wrong !== null) return;
    setSaving(true);
    try {
      await host.saveRule(props.rule?.id ?? null, parseRuleFields(fields));
      props.onSaved();
    } catch (thrown) {
      setError(toRefusal(thrown).message);
    } finally {
      setSaving(false);
    }
  };
  const addShare = () => setFields('shares', fields.shares.length, { costCenter: '', percent: '' });
  return (
    <Dialog title={props.rule === null ? strings.addTitle : strings.editTitle} testid="rule-dialog" onClose={props.onClose}>
      <form
        class="rule-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <fieldset class="rule-form__shares">
          <legend>{strings.shares}</legend>
          <Index each={fields.shares}>
            {(share, at) => (
              <div class="rule-form__share">
                <input
                  class="input"
                  aria-label={strings.costCenter}
                  data-testid="share-name"
                  autocomplete="off"
                  value={share().costCenter}
                  onInput={(event) => setFields('shares', at, 'costCenter', event.currentTarget.value)}
                />
                <input
                  class="input"
                  aria-label={strings.percent}
                  data-testid="share-percent"
                  inputmode="decimal"
                  autocomplete="off"
                  value={share().percent}
                  onInput={(event) => setFields('shares', at, 'percent', event.currentTarget.value)}
                />
                <span aria-hidden="true">%</span>
                <Show when={fields.shares.length > 1}>
                  <button
                    type="button"
                    class="button button--icon"
                    aria-label={strings.removeShare}
                    title={strings.removeShare}
                    onClick={() => setFields('shares', fields.shares.filter((_, other) => other !== at))}
                  >
                    <Cross />
                  </button>
                </Show>
              </div>
            )}
          </Index>
          <button type="button" class="link-button" data-testid="add-share" onClick={addShare}>
            {strings.addShare}
          </button>
        </fieldset>
        <For each={[...conditionNames, 'from', 'until', 'position'] as const}>
          {(name) => (
            <label class="rule-form__field">
              <span>{strings.fields[name]}</span>
              <input
                class="input"
                data-testid={`rule-${name}`}
                autocomplete="off"
                spellcheck={false}
                placeholder={name === 'from' || name === 'until' ? text.history.datePlaceholder : undefined}
                value={fields[name]}
                onInput={(event) => setFields(name, event.currentTarget.value)}
              />
            </label>
          )}
        </For>
        <p class="caption rule-form__wide">{strings.fieldsNote}</p>
        <p class="refusal rule-form__wide" role="alert" data-testid="rule-error">
          <Show when={error()}>{(message) => <SanitizedText value={message()} />}</Show>
        </p>
        <div class="button-row rule-form__wide">
          <button type="submit" class="button button--primary" aria-disabled={isSaving()} data-testid="save-rule">
            {isSaving() ? strings.saving : strings.save}
          </button>
          <button type="button" class="button" onClick={() => props.onClose()}>
            {strings.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
