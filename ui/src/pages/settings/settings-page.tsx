// The Settings page: groups that expand in place. Invalid settings are listed at the top. A setting without texts shows
// its key.
import { createSignal, For, Index, type JSX, Match, Show, Switch } from 'solid-js';
import type { SettingRow } from '../../bindings/SettingRow';
import type { SettingsPage as SettingsData } from '../../bindings/SettingsPage';
import { Chevron } from '../../components/icons';
import { NotificationsUnavailable } from '../../components/notifications-unavailable';
import { Path } from '../../components/path';
import { RootList } from '../../components/placeholders';
import { SanitizedText } from '../../components/sanitized-text';
import { LoadError } from '../../components/status-notes';
import { useHost, useSnapshot, useSnapshotStore } from '../../lib/contexts';
import { refetchOnRevision } from '../../lib/query';
import { text } from '../../strings';
import { groupSummary, type SummaryInputs } from './group-summary';
import { Setting } from './setting';
import { type Group, groupOf, groups, ruleOf } from './setting-groups';
import { createSettingsStore, type SettingsStore } from './settings-store';
import { DataLocations, Diagnostics, SystemSwitchRow } from './system-settings';
import { createSystemSwitches, type SystemSwitches } from './system-switch';
import { TestAlertButton } from './test-alert';
import './settings.css';

export function SettingsPage(): JSX.Element {
  const store = useSnapshotStore();
  const settings = createSettingsStore(useHost(), () => void store.refresh());
  refetchOnRevision(useSnapshot(), () => settings.failure() !== null, () => void settings.refetch());
  return (
    <div class="settings">
      <Switch fallback={<p class="list-note text-muted">{text.settings.loading}</p>}>
        <Match when={settings.page()}>{(page) => <SettingGroups settings={settings} page={page()} />}</Match>
        <Match when={settings.failure()}>
          {(failure) => <LoadError message={text.settings.failed} failure={failure()} onRetry={() => void settings.refetch()} />}
        </Match>
      </Switch>
    </div>
  );
}

interface GroupsProps {
  settings: SettingsStore;
  page: SettingsData;
}

function SettingGroups(props: GroupsProps): JSX.Element {
  const snapshot = useSnapshot();
  const switches = createSystemSwitches(useHost());
  const summaryInputs = (): SummaryInputs => ({
    rows: props.page.rows,
    roots: snapshot().roots,
    login: switches.login.isOn(),
    statusline: switches.statusline.isOn(),
  });
  return (
    <>
      <Problems problems={props.page.problems} />
      <For each={groups}>
        {(group) => (
          <GroupSection group={group} summary={groupSummary(group, summaryInputs())}>
            <GroupNotice group={group} />
            <SettingRows settings={props.settings} rows={props.page.rows.filter((row) => groupOf(row.key) === group)} />
            <SystemSettings group={group} page={props.page} switches={switches} />
          </GroupSection>
        )}
      </For>
    </>
  );
}

function Problems(props: { problems: readonly string[] }): JSX.Element {
  return (
    <Show when={props.problems.length > 0}>
      <section class="banner banner--problem" data-testid="settings-problems">
        <div>
          <h2 class="banner__title">{text.settings.problems}</h2>
          <ul>
            <Index each={props.problems}>
              {(problem) => (
                <li>
                  <SanitizedText value={problem()} />
                </li>
              )}
            </Index>
          </ul>
        </div>
      </section>
    </Show>
  );
}

/** A group. Closed it shows its current values, expanded its description. */
function GroupSection(props: { group: Group; summary: string | null; children: JSX.Element }): JSX.Element {
  const [isOpen, setOpen] = createSignal(false);
  const texts = () => text.settings.groups[props.group];
  return (
    <section class="setting-group" classList={{ 'is-open': isOpen() }} data-testid={`group-${props.group}`}>
      <h2>
        <button
          type="button"
          class="setting-group__header"
          aria-expanded={isOpen()}
          aria-controls={`group-${props.group}`}
          onClick={() => setOpen(!isOpen())}
        >
          <span class="setting-group__text">
            <span>{texts().title}</span>
            <span class="caption setting-group__summary">
              <Show when={isOpen() ? null : props.summary} fallback={texts().description}>
                {(value) => <Path value={value()} />}
              </Show>
            </span>
          </span>
          <Chevron />
        </button>
      </h2>
      <div id={`group-${props.group}`} class="setting-group__body" hidden={!isOpen()}>
        <Show when={isOpen()}>{props.children}</Show>
      </div>
    </section>
  );
}

/** A notice at the top of a group. */
function GroupNotice(props: { group: Group }): JSX.Element {
  const snapshot = useSnapshot();
  return (
    <Show when={props.group === 'alerts' && snapshot().alerts.unavailable}>
      {(reason) => <NotificationsUnavailable reason={reason()} hint={text.settings.unavailableHint} />}
    </Show>
  );
}

/** The settings of a group. A test alert is offered at the first setting of each rule. */
function SettingRows(props: { settings: SettingsStore; rows: SettingRow[] }): JSX.Element {
  const testableRule = (at: number) => {
    const rule = ruleOf(props.rows[at]?.key ?? '');
    const first = props.rows.findIndex((row) => ruleOf(row.key) === rule);
    return first === at ? rule : null;
  };
  return (
    <Index each={props.rows}>
      {(row, at) => (
        <Setting row={row()} change={(key, value) => props.settings.change(key, value)}>
          <Show when={testableRule(at)}>{(rule) => <TestAlertButton rule={rule()} />}</Show>
        </Setting>
      )}
    </Index>
  );
}

/** The controls of a group that are not settings. */
function SystemSettings(props: { group: Group; page: SettingsData; switches: SystemSwitches }): JSX.Element {
  const snapshot = useSnapshot();
  switch (props.group) {
    case 'folders':
      return (
        <div class="setting">
          <p class="caption">{text.settings.foldersChecked}</p>
          <RootList roots={snapshot().roots} />
        </div>
      );
    case 'login':
      return <SystemSwitchRow label={text.settings.autostart} testid="autostart" state={props.switches.login} />;
    case 'statusline':
      return (
        <SystemSwitchRow
          label={text.settings.statusline}
          note={text.settings.statuslineNote}
          testid="statusline"
          state={props.switches.statusline}
        />
      );
    case 'data':
      return (
        <>
          <div class="setting">
            <DataLocations page={props.page} />
          </div>
          <Diagnostics />
        </>
      );
    case 'appearance':
    case 'week':
    case 'limits':
    case 'alerts':
    case 'costs':
    case 'advanced':
      return null;
  }
}
