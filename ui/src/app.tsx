// The frame: tabs, what is the matter, and the chosen page or the face that stands in its place.
// It refuses the system's context menu, whose window would take the focus and with it the popover.
import { createEffect, For, Match, Show, Switch, type JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import { face, type Face } from './face';
import type { Host } from './host/host';
import { isComposed, Keys, offer, type Hearer } from './keys';
import { pages, type Page } from './pages/pages';
import { Banners } from './parts/banners';
import { AskingFace, EmptyFace, FirstFace, OfflineFace } from './parts/faces';
import { Textures } from './parts/kinds';
import { panelId, tabId, Tabs } from './parts/tabs';
import { createRouting, pageOf, type Routing } from './route';
import { createLive, type LiveState } from './state';
import { text } from './text';
import { followTheme } from './theme';
import { listenOnDocument, onSeenAgain } from './visible';

export function App(props: { host: Host }): JSX.Element {
  const host = props.host;
  const state = createLive(host);
  const routing = createRouting(host);
  const chosen = () => pageOf(routing.route(), pages.map((page) => page.id));
  const shown = () => face(state.live.snapshot, state.live.link);
  const hearers: Hearer[] = [];
  listenOnDocument('keydown', (event) => {
    if (event.defaultPrevented || isComposed(event)) return;
    if (offer(hearers, event)) return event.preventDefault();
    if (event.key === 'Escape') void host.dismiss().catch(() => undefined);
  });
  listenOnDocument('contextmenu', (event) => event.preventDefault());
  followTheme(() => state.live.snapshot?.display.theme ?? 'auto');
  tellPainted(host, () => shown().kind);
  const tabs = () => pages.map((page) => ({ ...page, count: page.unseen?.(state.live.snapshot) ?? 0 }));
  return (
    <div class="frame" classList={{ old: state.live.link === 'down' || state.live.unanswered }}>
      <Textures />
      <header>
        <h1 class="heard">{text.appName}</h1>
        <Tabs tabs={tabs()} chosen={chosen()} choose={(page) => routing.go({ page })} />
      </header>
      <main>
        <Banners state={state} host={host} />
        <Keys.Provider value={hearers}>
          <For each={pages}>
            {(page) => (
              <Panel page={page} chosen={chosen() === page.id}>
                <PageOrFace page={page} host={host} state={state} face={shown()} routing={routing} />
              </Panel>
            )}
          </For>
        </Keys.Provider>
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

interface PageOrFaceProps {
  page: Page;
  host: Host;
  state: LiveState;
  face: Face;
  routing: Routing;
}

function PageOrFace(props: PageOrFaceProps): JSX.Element {
  const snapshot = () => props.state.live.snapshot;
  const isPage = () => props.face.kind === 'figures' || props.page.withoutFigures === true;
  return (
    <Switch>
      <Match when={props.face.kind === 'asking'}>
        <AskingFace />
      </Match>
      <Match when={props.face.kind === 'offline'}>
        <OfflineFace state={props.state} />
      </Match>
      <Match when={isPage() && snapshot()}>
        {(seen) => (
          <Dynamic
            component={props.page.show}
            snapshot={seen()}
            now={props.state.now()}
            host={props.host}
            route={props.routing.route()}
            go={(route) => props.routing.go(route)}
            refresh={() => void props.state.refresh()}
          />
        )}
      </Match>
      <Match when={props.face.kind === 'first' && snapshot()}>{(seen) => <FirstFace roots={seen().roots} />}</Match>
      <Match when={props.face.kind === 'empty' && snapshot()}>{(seen) => <EmptyFace roots={seen().roots} />}</Match>
    </Switch>
  );
}

/** When the first face that says something has been on screen, and whenever it comes back: the second frame after. */
function tellPainted(host: Host, kind: () => Face['kind']): void {
  let told = false;
  const tell = () => requestAnimationFrame(() => requestAnimationFrame(() => void host.painted().catch(() => undefined)));
  createEffect(() => {
    if (told || kind() === 'asking') return;
    told = true;
    tell();
  });
  onSeenAgain(() => told && tell());
}
