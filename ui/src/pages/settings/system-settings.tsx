// Controls that are not settings of ours: switches of the system and of Claude Code, the web dashboard, data locations, and
// diagnostics.
import { createSignal, createUniqueId, type JSX, Show } from 'solid-js';
import type { SettingsPage } from '../../bindings/SettingsPage';
import { Path } from '../../components/path';
import { RefusalMessage } from '../../components/refusal-message';
import { SavedNote } from '../../components/saved-note';
import { ToggleSwitch } from '../../components/toggle-switch';
import type { ApiError } from '../../bindings/ApiError';
import { toRefusal } from '../../host/refusal';
import { useHost } from '../../lib/contexts';
import { text } from '../../strings';
import type { SystemSwitch } from '../../lib/system-switch';

interface SwitchRowProps {
  label: string;
  note?: string;
  testid: string;
  state: SystemSwitch;
}

export function SystemSwitchRow(props: SwitchRowProps): JSX.Element {
  const id = createUniqueId();
  return (
    <div class="setting setting--inline">
      <div class="setting__text">
        <p id={id}>{props.label}</p>
        <Show when={props.note}>{(note) => <p class="caption">{note()}</p>}</Show>
      </div>
      <div class="setting__control">
        <Show when={props.state.isOn() !== null}>
          <ToggleSwitch isOn={props.state.isOn() === true} onChange={(next) => props.state.set(next)} labelledBy={id} testid={props.testid} />
        </Show>
      </div>
      <Show when={props.state.refusal()}>{(reason) => <RefusalMessage refusal={reason()} />}</Show>
    </div>
  );
}

export function DataLocations(props: { page: SettingsPage }): JSX.Element {
  return (
    <dl class="data-locations">
      <DataLocation name={text.settings.settingsFile} value={props.page.configPath} />
      <DataLocation name={text.settings.database} value={props.page.storePath} />
      <DataLocation name={text.settings.version} value={props.page.version} />
    </dl>
  );
}

function DataLocation(props: { name: string; value: string }): JSX.Element {
  return (
    <div class="fact-list__row">
      <dt>{props.name}</dt>
      <dd class="selectable">
        <Path value={props.value} />
      </dd>
    </div>
  );
}

/** The address of the web dashboard, with a button that opens it. */
export function DashboardLink(props: { listen: string }): JSX.Element {
  const host = useHost();
  const [refusal, setRefusal] = createSignal<ApiError | null>(null);
  const open = () => {
    setRefusal(null);
    host.openDashboard().catch((thrown: unknown) => setRefusal(toRefusal(thrown)));
  };
  return (
    <div class="setting setting--inline">
      <p class="setting__text selectable" data-testid="dashboard-address">
        <Path value={`http://${props.listen}`} />
      </p>
      <div class="setting__control">
        <button type="button" class="button" data-testid="open-dashboard" onClick={open}>
          {text.settings.openDashboard}
        </button>
      </div>
      <Show when={refusal()}>{(reason) => <RefusalMessage refusal={reason()} />}</Show>
    </div>
  );
}

export function Diagnostics(): JSX.Element {
  const host = useHost();
  const [path, setPath] = createSignal<string | null>(null);
  const [isSaving, setSaving] = createSignal(false);
  const [refusal, setRefusal] = createSignal<ApiError | null>(null);
  const save = async () => {
    if (isSaving()) return;
    setSaving(true);
    setRefusal(null);
    try {
      setPath(await host.saveDiagnostics());
    } catch (thrown) {
      setRefusal(toRefusal(thrown));
    }
    setSaving(false);
  };
  return (
    <div class="setting">
      <p class="caption">{text.settings.diagnosticsNote}</p>
      <div>
        <button type="button" class="button" data-testid="diagnostics" aria-disabled={isSaving()} onClick={() => void save()}>
          {isSaving() ? text.settings.saving : text.settings.diagnostics}
        </button>
      </div>
      <p class="caption selectable" role="status" data-testid="diagnostics-path">
        <Show when={path()}>{(saved) => <SavedNote path={saved()} />}</Show>
      </p>
      <Show when={refusal()}>{(reason) => <RefusalMessage refusal={reason()} />}</Show>
    </div>
  );
}
