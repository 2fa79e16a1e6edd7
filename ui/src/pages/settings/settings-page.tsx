// The Settings page: a search, the connections and the appearance, and groups that expand in place. Invalid settings are
// listed at the top. A setting without texts shows its key.
import { type Component, createSignal, For, Index, type JSX, Match, Show, Switch } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import type { SettingRow } from '../../bindings/SettingRow';
import type { SettingsPage as SettingsData } from '../../bindings/SettingsPage';
import { Bell, Calendar, Chevron, Coin, Database, Dial, Folder, Gear, Globe } from '../../components/icons';
import { NotificationsUnavailable } from '../../components/notifications-unavailable';
import { Path } from '../../components/path';
import { RootList } from '../../components/root-list';
import { SanitizedText } from '../../components/sanitized-text';
import { SearchField } from '../../components/search-field';
import { LoadError } from '../../components/status-notes';
import { useFeature, useHost, useSnapshot, useSnapshotStore } from '../../lib/contexts';
import { refetchOnRevision } from '../../lib/query';
import { text } from '../../strings';
import { groupSummary, type SummaryInputs } from './group-summary';
import { Setting } from './setting';
import { type ExpandableGroup, type Group, groupOf, groups, ruleOf } from './setting-groups';
import { matchesSearch, settingWords } from './setting-search';
import { createSettingsStore, type SettingsStore } from './settings-store';
import { DashboardLink, DataLocations, Diagnostics, SystemSwitchRow } from './system-settings';
import { createSystemSwitches, type SystemSwitches } from '../../lib/system-switch';
import { TestAlertButton } from './test-alert';
import './settings.css';

const groupIcons: Record<ExpandableGroup, Component> = {
  week: Calendar,
  limits: Dial,
  alerts: Bell,
  costs: Coin,
  folders: Folder,
  web: Globe,
  data: Database,
  advanced: Gear,
};

export function SettingsPage(): JSX.Element {
  const [search, setSearch] = createSignal('');
  const store = useSnapshotStore();
  const settings = createSettingsStore(useHost(), () => void store.refresh());
  refetchOnRevision(useSnapshot(), () => settings.failure() !== null, () => void settings.refetch());
  return (
    <div class="page-stack settings">
      <SearchField label={text.settings.search} placeholder={text.settings.search} value={search()} onInput={setSearch} testid="setting-search" />
      <Switch fallback={<p class="list-note text-muted">{text.settings.loading}</p>}>
        <Match when={settings.page()}>{(page) => <SettingGroups settings={settings} page={page()} search={search()} />}</Match>
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
  search: string;
}

function SettingGroups(props: GroupsProps): JSX.Element {
  const snapshot = useSnapshot();
  const switches = createSystemSwitches(useHost());
  const summaryInputs = (): SummaryInputs => ({ rows: props.page.rows, roots: snapshot().roots });
  const rowsOf = (group: Group) => props.page.rows.filter((row) => groupOf(row.key) === group);
  return (
    <>
      <Problems problems={props.page.problems} />
      <Show when={props.search.trim() === ''} fallback={<SearchResults {...props} switches={switches} />}>
        <Show when={switches.statusline ?? switches.login}>
          <Show when={!snapshot().isDemo} fallback={<p class="card caption">{text.reach.demo.unavailable}</p>}>
            <section class="card card--rows" aria-label={text.settings.system} data-testid="group-system">
              <StatuslineRow switches={switches} />
              <LoginRow switches={switches} />
            </section>
          </Show>
        </Show>
        <section class="settings__section" aria-labelledby="appearance-heading" data-testid="group-appearance">
          <h2 class="page-section" id="appearance-heading">
            {text.settings.groups.appearance.title}
          </h2>
          <div class="card card--rows">
            <SettingRows settings={props.settings} rows={rowsOf('appearance')} />
          </div>
        </section>
        <section class="settings__section" aria-labelledby="more-heading">
          <h2 class="page-section" id="more-heading">
            {text.settings.more}
          </h2>
          <div class="card card--rows">
            <For each={groups}>
              {(group) => (
                <GroupSection group={group} summary={groupSummary(group, summaryInputs())} isChanged={rowsOf(group).some((row) => row.origin !== 'default')}>
                  <GroupNotice group={group} />
                  <SettingRows settings={props.settings} rows={rowsOf(group)} />
                  <GroupExtras group={group} page={props.page} settings={props.settings} />
                </GroupSection>
              )}
            </For>
          </div>
        </section>
      </Show>
    </>
  );
}

function StatuslineRow(props: { switches: SystemSwitches }): JSX.Element {
  return (
    <Show when={props.switches.statusline}>
      {(state) => <SystemSwitchRow label={text.settings.statusline} note={text.settings.statuslineNote} testid="statusline" state={state()} />}
    </Show>
  );
}

function LoginRow(props: { switches: SystemSwitches }): JSX.Element {
  return <Show when={props.switches.login}>{(state) => <SystemSwitchRow label={text.settings.autostart} testid="autostart" state={state()} />}</Show>;
}

/** The settings that contain all words of the search, of all groups. */
function SearchResults(props: GroupsProps & { switches: SystemSwitches }): JSX.Element {
  const rows = () => props.page.rows.filter((row) => groupOf(row.key) !== null && matchesSearch(settingWords(row), props.search));
  const snapshot = useSnapshot();
  const hasStatusline = () => props.switches.statusline !== null && !snapshot().isDemo && matchesSearch(`${text.settings.statusline} ${text.settings.statuslineNote}`, props.search);
  const hasLogin = () => props.switches.login !== null && !snapshot().isDemo && matchesSearch(text.settings.autostart, props.search);
  return (
    <Show when={rows().length > 0 || hasStatusline() || hasLogin()} fallback={<p class="list-note text-muted">{text.settings.noMatch}</p>}>
      <div class="card card--rows" data-testid="setting-matches">
        <Show when={hasStatusline()}>
          <StatuslineRow switches={props.switches} />
        </Show>
        <Show when={hasLogin()}>
          <LoginRow switches={props.switches} />
        </Show>
        <For each={rows().map((row) => row.key)}>
          {(key) => <Show when={rows().find((row) => row.key === key)}>{(row) => <Setting row={row()} change={(changed, value) => props.settings.change(changed, value)} />}</Show>}
        </For>
      </div>
    </Show>
  );
}

function Problems(props: { problems: readonly string[] }): JSX.Element {
  return (
    <Show when={props.problems.length > 0}>
      <section class="banner banner--notice selectable" data-testid="settings-problems">
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

interface GroupSectionProps {
  group: ExpandableGroup;
  summary: string | null;
  /** True if a setting of the group differs from its default. */
  isChanged: boolean;
  children: JSX.Element;
}

/** A group. Closed it shows its current values, expanded its description. */
function GroupSection(props: GroupSectionProps): JSX.Element {
  const [isOpen, setOpen] = createSignal(false);
  const texts = () => text.settings.groups[props.group];
  return (
    <section class="setting-group" classList={{ 'is-open': isOpen() }} data-testid={`group-${props.group}`}>
      <h3>
        <button
          type="button"
          class="bare-button setting-group__header"
          aria-expanded={isOpen()}
          aria-controls={`group-${props.group}`}
          onClick={() => setOpen(!isOpen())}
        >
          <span class="setting-group__icon">
            <Dynamic component={groupIcons[props.group]} />
          </span>
          <span class="setting-group__text">
            <span classList={{ 'is-changed': props.isChanged }}>
              {texts().title}
              <Show when={props.isChanged}>
                <span class="visually-hidden">, {text.settings.changed}</span>
              </Show>
            </span>
            <span class="caption setting-group__summary">
              <Show when={isOpen() ? null : props.summary} fallback={texts().description}>
                {(value) => <Path value={value()} />}
              </Show>
            </span>
          </span>
          <Chevron />
        </button>
      </h3>
      <div id={`group-${props.group}`} class="setting-group__body" hidden={!isOpen()}>
        <Show when={isOpen()}>{props.children}</Show>
      </div>
    </section>
  );
}

/** A notice at the top of a group. */
function GroupNotice(props: { group: ExpandableGroup }): JSX.Element {
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

/** The key of the folders to search. */
const FOLDERS_KEY = 'claude_config_dirs';

/** The homes of Claude Code that the configured folders leave out, each with a button that includes it. */
function UnsearchedHomes(props: { page: SettingsData; settings: SettingsStore }): JSX.Element {
  const row = () => props.page.rows.find((candidate) => candidate.key === FOLDERS_KEY);
  const include = (home: string) => {
    const folders = row()?.value;
    if (Array.isArray(folders)) void props.settings.change(FOLDERS_KEY, [...(folders as string[]), home]);
  };
  return (
    <Show when={props.page.unsearchedHomes.length > 0}>
      <div class="setting">
        <p class="caption">{text.settings.foldersLeftOut}</p>
        <ul class="root-list">
          <For each={props.page.unsearchedHomes}>
            {(home) => (
              <li class="root-list__folder">
                <span class="root-list__path">
                  <Path value={home} />
                </span>
                <Show when={row()?.canChange}>
                  <button type="button" class="button" aria-label={text.settings.includeFolder(home)} onClick={() => include(home)} data-testid="include-home">
                    {text.settings.include}
                  </button>
                </Show>
              </li>
            )}
          </For>
        </ul>
      </div>
    </Show>
  );
}

/** The controls of a group that are not settings. */
function GroupExtras(props: { group: ExpandableGroup; page: SettingsData; settings: SettingsStore }): JSX.Element {
  const snapshot = useSnapshot();
  return (
    <>
      <Show when={props.group === 'folders'}>
        <div class="setting">
          <p class="caption">{text.settings.foldersChecked}</p>
          <RootList roots={snapshot().roots} />
        </div>
        <UnsearchedHomes page={props.page} settings={props.settings} />
      </Show>
      <Show when={props.group === 'web' && useFeature('openDashboard') && dashboardAddress(props.page)}>{(listen) => <DashboardLink listen={listen()} />}</Show>
      <Show when={props.group === 'data'}>
        <div class="setting">
          <DataLocations page={props.page} />
        </div>
        <Show when={useFeature('diagnostics')}>
          <Diagnostics />
        </Show>
      </Show>
    </>
  );
}

/** Returns the address at which the web dashboard listens; null if it is off or a browser cannot open it. */
function dashboardAddress({ rows }: SettingsData): string | null {
  const value = (key: string) => rows.find((row) => row.key === key)?.value;
  const listen = value('serve.listen');
  return value('serve.enabled') === true && typeof listen === 'string' && !listen.startsWith('unix:') ? listen : null;
}
