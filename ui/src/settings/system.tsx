// What is not a setting of ours but of the system or of Claude Code: a switch that asks how it stands,
// and the places where things are kept. It refuses to show a switch before its answer.
import { createSignal, createUniqueId, onMount, Show, type JSX } from 'solid-js';
import type { SettingsPage } from '../bindings/SettingsPage';
import type { Host, Refusal } from '../host/host';
import { toRefusal } from '../host/refusal';
import { Refused } from '../parts/refused';
import { Switch } from '../parts/switch';
import { plain, plainTitle } from '../plain';
import { text } from '../text';
import { onSeenAgain } from '../visible';

interface SystemSwitchProps {
  label: string;
  note?: string;
  testid: string;
  read: () => Promise<boolean>;
  write: (on: boolean) => Promise<boolean>;
}

export function SystemSwitch(props: SystemSwitchProps): JSX.Element {
  const id = createUniqueId();
  const [on, setOn] = createSignal<boolean | null>(null);
  const [refusal, setRefusal] = createSignal<Refusal | null>(null);
  let latest = 0;
  const take = async (answer: Promise<boolean>) => {
    const mine = (latest += 1);
    setRefusal(null);
    try {
      const said = await answer;
      if (mine === latest) setOn(said);
    } catch (thrown) {
      if (mine === latest) setRefusal(toRefusal(thrown));
    }
  };
  onMount(() => void take(props.read()));
  onSeenAgain(() => void take(props.read()));
  return (
    <div class="setting narrow">
      <div class="setting-words">
        <p id={id}>{props.label}</p>
        <Show when={props.note}>{(note) => <p class="note">{note()}</p>}</Show>
      </div>
      <div class="setting-control">
        <Show when={on() !== null}>
          <Switch on={on() === true} turn={(next) => void take(props.write(next))} labelledBy={id} testid={props.testid} />
        </Show>
      </div>
      <Show when={refusal()}>{(refused) => <Refused refusal={refused()} />}</Show>
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
        <bdi>{plainTitle(props.value)}</bdi>
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
              {text.settingsPage.savedTo} <bdi title={plainTitle(saved())}>{plain(saved())}</bdi>
            </>
          )}
        </Show>
      </p>
      <Show when={refusal()}>{(refused) => <Refused refusal={refused()} />}</Show>
    </div>
  );
}
