// The frame: tabs, what is the matter, and the chosen page or the face that stands in its place.
// It refuses the system's context menu, whose window would take the focus and with it the popover.
import { createEffect, createSignal, For, Match, onCleanup, Show, Switch, type JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import { face, type Face } from './face';
import type { Host } from './host/host';
import { pages, type Page } from './pages/pages';
import { Banners } from './parts/banners';
import { AskingFace, EmptyFace, OfflineFace } from './parts/faces';
import { Textures } from './parts/kinds';
import { panelId, tabId, Tabs } from './parts/tabs';
import { createLive, type LiveState } from './state';
import { text } from './text';

export function App(props: { host: Host }): JSX.Element {
  const host = props.host;
  const state = createLive(host);
  const [chosen, choose] = createSignal('now');
  const shown = () => face(state.live.snapshot, state.live.link);
  listenOnDocument('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented) void host.dismiss().catch(() => undefined);
  });
  listenOnDocument('contextmenu', (event) => event.preventDefault());
  tellPainted(host, () => shown().kind);
  return (
    <div class="frame" classList={{ old: state.live.link === 'down' || state.live.unanswered }}>
      <Textures />
      <header>
        <h1 class="heard">{text.appName}</h1>
        <Tabs tabs={pages} chosen={chosen()} choose={choose} />
      </header>
      <main>
        <Banners state={state} />
        <For each={pages}>
          {(page) => (
            <Panel page={page} chosen={chosen() === page.id}>
              <PageOrFace page={page} host={host} state={state} face={shown()} />
            </Panel>
          )}
        </For>
      </main>
    </div>
  );
}

/** Only the chosen page is built: what nobody looks at costs nothing. */
function Panel(props: { page: Page; chosen: boolean; children: JSX.Element }): JSX.Element {
  return (
    <div
      class="panel"
      role="tabpanel"
      id={panelId(props.page.id)}
      aria-labelledby={tabId(props.page.id)}
      tabindex={props.chosen ? 0 : -1}
      hidden={!props.chosen}
    >
      <Show when={props.chosen}>{props.children}</Show>
    </div>
  );
}

function PageOrFace(props: { page: Page; host: Host; state: LiveState; face: Face }): JSX.Element {
  const snapshot = () => props.state.live.snapshot;
  return (
    <Switch>
      <Match when={props.face.kind === 'asking'}>
        <AskingFace />
      </Match>
      <Match when={props.face.kind === 'offline'}>
        <OfflineFace state={props.state} />
      </Match>
      <Match when={props.face.kind === 'empty' && snapshot()}>{(seen) => <EmptyFace roots={seen().roots} />}</Match>
      <Match when={props.face.kind === 'figures' && snapshot()}>
        {(seen) => <Dynamic component={props.page.show} snapshot={seen()} now={props.state.now()} host={props.host} />}
      </Match>
    </Switch>
  );
}

function listenOnDocument<K extends keyof DocumentEventMap>(name: K, hear: (event: DocumentEventMap[K]) => void): void {
  document.addEventListener(name, hear);
  onCleanup(() => document.removeEventListener(name, hear));
}

/** Once, when the first face that says something has been on screen: the second frame after it was drawn. */
function tellPainted(host: Host, kind: () => Face['kind']): void {
  let told = false;
  createEffect(() => {
    if (told || kind() === 'asking') return;
    told = true;
    requestAnimationFrame(() => requestAnimationFrame(() => void host.painted().catch(() => undefined)));
  });
}
