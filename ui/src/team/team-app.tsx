// The frame of the team's dashboard: tabs, the member who is signed in, and the chosen page.
import { type Component, createSignal, For, type JSX, onCleanup, Show } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import { ChartPatterns } from '../charts/legend';
import { Logo } from '../components/icons';
import { SanitizedText } from '../components/sanitized-text';
import { panelId, tabId, Tabs } from '../components/tabs';
import type { TeamHost } from '../host/team';
import { dispatchKey, isComposing, type KeyHandler, KeyHandlersContext } from '../lib/key-handlers';
import { createQuery } from '../lib/query';
import { applyTheme } from '../lib/theme';
import { MINUTE } from '../lib/time';
import { listenOnDocument } from '../lib/visibility';
import { teamText } from '../strings/team';
import { CostCentersPage } from './cost-centers-page';
import { MembersPage } from './members-page';
import { OverviewPage } from './overview-page';
import { SessionsPage } from './sessions-page';
import { TeamContext } from './team-context';
import './team.css';

type TeamPageId = 'overview' | 'sessions' | 'members' | 'costCenters';

const pages: readonly { id: TeamPageId; label: string; count: number; component: Component }[] = [
  { id: 'overview', label: teamText.tabs.overview, count: 0, component: OverviewPage },
  { id: 'sessions', label: teamText.tabs.sessions, count: 0, component: SessionsPage },
  { id: 'members', label: teamText.tabs.members, count: 0, component: MembersPage },
  { id: 'costCenters', label: teamText.tabs.costCenters, count: 0, component: CostCentersPage },
];

/** Returns the page that the address names. */
function pageOfHash(): TeamPageId {
  return pages.find((page) => `#/${page.id}` === location.hash)?.id ?? 'overview';
}

/** Returns the chosen page, which the address names, so that back and reload lead to it. */
function createChosenPage() {
  const [chosen, setChosen] = createSignal(pageOfHash());
  const read = () => setChosen(pageOfHash());
  addEventListener('hashchange', read);
  onCleanup(() => removeEventListener('hashchange', read));
  return { chosen, choose: (page: TeamPageId) => (location.hash = `/${page}`) };
}

/** Returns the current time, advanced every minute. */
function createMinuteClock() {
  const [now, setNow] = createSignal(Date.now());
  const timer = setInterval(() => setNow(Date.now()), MINUTE);
  onCleanup(() => clearInterval(timer));
  return now;
}

export function TeamApp(props: { host: TeamHost }): JSX.Element {
  const host = props.host;
  const caller = createQuery(() => null, () => host.caller());
  const { chosen, choose } = createChosenPage();
  const keyHandlers: KeyHandler[] = [];
  listenOnDocument('keydown', (event) => {
    if (!event.defaultPrevented && !isComposing(event) && dispatchKey(keyHandlers, event)) event.preventDefault();
  });
  applyTheme(() => null, () => false);
  return (
    <TeamContext.Provider value={{ host, caller: caller.data, now: createMinuteClock() }}>
      <KeyHandlersContext.Provider value={keyHandlers}>
        <div class="app">
          <ChartPatterns />
          <header class="app__header">
            <h1 class="visually-hidden">{teamText.title}</h1>
            <span class="app__brand" aria-hidden="true">
              <Logo />
              {teamText.title}
            </span>
            <Tabs tabs={pages} chosen={chosen()} choose={choose} />
            <Account />
          </header>
          <main class="app__main">
            <For each={pages}>{(page) => <Panel id={page.id} component={page.component} isChosen={chosen() === page.id} />}</For>
          </main>
        </div>
      </KeyHandlersContext.Provider>
    </TeamContext.Provider>
  );

  function Account(): JSX.Element {
    return (
      <div class="team-account">
        <Show when={caller.data()}>
          {(member) => (
            <span class="team-account__name">
              <SanitizedText class="truncated" value={teamText.signedInAs(member().member, member().organization)} testid="caller" />
            </span>
          )}
        </Show>
        <button type="button" class="button button--small" data-testid="sign-out" onClick={() => void host.signOut().catch(() => undefined)}>
          {teamText.signOut}
        </button>
      </div>
    );
  }
}

/** Renders only the chosen page. */
function Panel(props: { id: TeamPageId; component: Component; isChosen: boolean }): JSX.Element {
  return (
    <div
      class="app__panel"
      role="tabpanel"
      id={panelId(props.id)}
      aria-labelledby={tabId(props.id)}
      tabindex={props.isChosen ? 0 : -1}
      hidden={!props.isChosen}
    >
      <Show when={props.isChosen}>
        <Dynamic component={props.component} />
      </Show>
    </div>
  );
}
