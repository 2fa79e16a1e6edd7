// The settings in groups, each with a sentence; a group opens in place. What was not understood stands on top.
// It refuses to hide a setting it has no words for: such a one shows its key.
import { createSignal, For, Index, Match, Show, Switch, type JSX } from 'solid-js';
import { Unavailable } from '../alerts/unavailable';
import { followChanges } from '../asked';
import type { SettingRow } from '../bindings/SettingRow';
import type { SettingsPage as Known } from '../bindings/SettingsPage';
import { Unreadable } from '../parts/asked-notes';
import { Chevron } from '../parts/icons';
import { RootList } from '../parts/faces';
import { Path } from '../parts/path';
import { Plain } from '../parts/plain';
import { groupOf, groups, ruleOf, type Group } from '../settings/groups';
import { createSettings, type KnownSettings } from '../settings/known';
import { present, type Present } from '../settings/present';
import { Setting } from '../settings/setting';
import { Diagnostics, Places, SwitchRow } from '../settings/system';
import { createSystemSwitches, type SystemSwitches } from '../settings/system-switch';
import { TestButton } from '../settings/test-button';
import { text } from '../text';
import type { PageProps } from './pages';

export function SettingsPage(props: PageProps): JSX.Element {
  const settings = createSettings(props.host, () => props.refresh());
  followChanges(() => props.snapshot, () => settings.failure() !== null, () => void settings.ask());
  return (
    <div class="settings">
      <Switch fallback={<p class="list-note dim">{text.settingsPage.loading}</p>}>
        <Match when={settings.page()}>{(page) => <Groups {...props} settings={settings} page={page()} />}</Match>
        <Match when={settings.failure()}>
          {(failure) => <Unreadable words={text.settingsPage.failed} failure={failure()} again={() => void settings.ask()} />}
        </Match>
      </Switch>
    </div>
  );
}

interface GroupsProps extends PageProps {
  settings: KnownSettings;
  page: Known;
}

function Groups(props: GroupsProps): JSX.Element {
  const switches = createSystemSwitches(props.host);
  const known = (): Present => ({
    rows: props.page.rows,
    roots: props.snapshot.roots,
    login: switches.login.on(),
    statusline: switches.statusline.on(),
  });
  return (
    <>
      <Problems problems={props.page.problems} />
      <For each={groups}>
        {(group) => (
          <Section group={group} present={present(group, known())}>
            <Before group={group} unavailable={props.snapshot.alerts.unavailable} />
            <Rows {...props} rows={props.page.rows.filter((row) => groupOf(row.key) === group)} />
            <Beyond {...props} group={group} switches={switches} />
          </Section>
        )}
      </For>
    </>
  );
}

function Problems(props: { problems: readonly string[] }): JSX.Element {
  return (
    <Show when={props.problems.length > 0}>
      <section class="banner problem" data-testid="settings-problems">
        <div>
          <h2 class="banner-title">{text.settingsPage.problems}</h2>
          <ul>
            <Index each={props.problems}>
              {(problem) => (
                <li>
                  <Plain value={problem()} />
                </li>
              )}
            </Index>
          </ul>
        </div>
      </section>
    </Show>
  );
}

/** Closed until someone wants it, so that all groups are seen at once, each with what holds; opened it says what it is for. */
function Section(props: { group: Group; present: string | null; children: JSX.Element }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  const words = () => text.settingsPage.groups[props.group];
  return (
    <section class="group" classList={{ open: open() }} data-testid={`group-${props.group}`}>
      <h2>
        <button
          type="button"
          class="group-head"
          aria-expanded={open()}
          aria-controls={`group-${props.group}`}
          onClick={() => setOpen(!open())}
        >
          <span class="group-words">
            <span>{words().title}</span>
            <span class="note group-line">
              <Show when={open() ? null : props.present} fallback={words().sentence}>
                {(value) => <Path value={value()} />}
              </Show>
            </span>
          </span>
          <Chevron />
        </button>
      </h2>
      <div id={`group-${props.group}`} class="group-body" hidden={!open()}>
        <Show when={open()}>{props.children}</Show>
      </div>
    </section>
  );
}

/** What has to be known before choosing. */
function Before(props: { group: Group; unavailable: string | null }): JSX.Element {
  return (
    <Show when={props.group === 'alerts' && props.unavailable}>
      {(why) => <Unavailable why={why()} hint={text.settingsPage.unavailableHint} />}
    </Show>
  );
}

/** An alert can be tried at the first setting that is about it. */
function Rows(props: GroupsProps & { rows: SettingRow[] }): JSX.Element {
  const rule = (at: number) => {
    const own = ruleOf(props.rows[at]?.key ?? '');
    const first = props.rows.findIndex((row) => ruleOf(row.key) === own);
    return first === at ? own : null;
  };
  return (
    <Index each={props.rows}>
      {(row, at) => (
        <Setting row={row()} change={(key, value) => props.settings.change(key, value)}>
          <Show when={rule(at)}>{(of) => <TestButton rule={of()} host={props.host} tested={() => props.refresh()} />}</Show>
        </Setting>
      )}
    </Index>
  );
}

/** What stands in a group beyond settings. */
function Beyond(props: GroupsProps & { group: Group; switches: SystemSwitches }): JSX.Element {
  switch (props.group) {
    case 'folders':
      return (
        <div class="setting">
          <p class="note">{text.settingsPage.looked}</p>
          <RootList roots={props.snapshot.roots} />
        </div>
      );
    case 'login':
      return <SwitchRow label={text.settingsPage.autostart} testid="autostart" of={props.switches.login} />;
    case 'statusline':
      return (
        <SwitchRow
          label={text.settingsPage.statusline}
          note={text.settingsPage.statuslineNote}
          testid="statusline"
          of={props.switches.statusline}
        />
      );
    case 'data':
      return (
        <>
          <div class="setting">
            <Places page={props.page} />
          </div>
          <Diagnostics host={props.host} />
        </>
      );
    case 'look':
    case 'week':
    case 'limits':
    case 'alerts':
    case 'costs':
    case 'advanced':
      return null;
  }
}
