// What is not a setting of ours but of the system or of Claude Code: a switch that asks how it stands,
// and the places where things are kept. It refuses to show a switch before its answer.
import { createSignal, createUniqueId, Show, type JSX } from 'solid-js';
import type { SettingsPage } from '../bindings/SettingsPage';
import type { Host, Refusal } from '../host/host';
import { toRefusal } from '../host/refusal';
import { Path } from '../parts/path';
import { Refused } from '../parts/refused';
import { Switch } from '../parts/switch';
import { text } from '../text';
import type { SystemSwitch } from './system-switch';

interface SwitchRowProps {
  label: string;
  note?: string;
  testid: string;
  of: SystemSwitch;
}

export function SwitchRow(props: SwitchRowProps): JSX.Element {
  const id = createUniqueId();
  return (
    <div class="setting narrow">
      <div class="setting-words">
        <p id={id}>{props.label}</p>
        <Show when={props.note}>{(note) => <p class="note">{note()}</p>}</Show>
      </div>
      <div class="setting-control">
        <Show when={props.of.on() !== null}>
          <Switch on={props.of.on() === true} turn={(next) => props.of.turn(next)} labelledBy={id} testid={props.testid} />
        </Show>
      </div>
      <Show when={props.of.refusal()}>{(refused) => <Refused refusal={refused()} />}</Show>
    </div>
  );
}

export function Places(props: { page: SettingsPage }): JSX.Element {
  return (
    <dl class="places">
      <Place name={text.settingsPage.config} value={props.page.configPath} />
      <Place name={text.settingsPage.store} value={props.page.storePath} />
      <Place name={text.settingsPage.version} value={props.page.version} />
    </dl>
  );
}

function Place(props: { name: string; value: string }): JSX.Element {
  return (
    <div class="fact">
      <dt>{props.name}</dt>
      <dd class="copied">
        <Path value={props.value} />
      </dd>
    </div>
  );
}

export function Diagnostics(props: { host: Host }): JSX.Element {
  const [path, setPath] = createSignal<string | null>(null);
  const [saving, setSaving] = createSignal(false);
  const [refusal, setRefusal] = createSignal<Refusal | null>(null);
  const save = async () => {
    if (saving()) return;
    setSaving(true);
    setRefusal(null);
    try {
      setPath(await props.host.saveDiagnostics());
    } catch (thrown) {
      setRefusal(toRefusal(thrown));
    }
    setSaving(false);
  };
  return (
    <div class="setting">
      <p class="note">{text.settingsPage.diagnosticsNote}</p>
      <div>
        <button type="button" class="button" data-testid="diagnostics" aria-disabled={saving()} onClick={() => void save()}>
          {saving() ? text.settingsPage.saving : text.settingsPage.diagnostics}
        </button>
      </div>
      <p class="note copied" role="status" data-testid="diagnostics-path">
        <Show when={path()}>
          {(saved) => (
            <>
              {text.settingsPage.savedTo} <Path value={saved()} />
            </>
          )}
        </Show>
      </p>
      <Show when={refusal()}>{(refused) => <Refused refusal={refused()} />}</Show>
    </div>
  );
}
