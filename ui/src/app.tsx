// The frame: tabs, banners, and the chosen page or its placeholder. In a window of the app it suppresses the system's context
// menu, whose window would take the focus and close the popover.
import { type Accessor, For, type JSX, Match, Show, Switch } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import type { Snapshot } from './bindings/Snapshot';
import { Banners } from './components/banners';
import { DemoBar } from './components/demo-bar';
import { Foot } from './components/foot';
import { Logo } from './components/icons';
import { MoreMenu } from './components/more-menu';
import { EmptyPlaceholder, FirstScanPlaceholder, LoadingPlaceholder, OfflinePlaceholder } from './components/placeholders';
import { panelId, tabId, Tabs } from './components/tabs';
import { KindPatterns } from './components/kind-patterns';
import type { Host } from './host/host';
import { ClockContext, HostContext, RoutingContext, SnapshotContext, SnapshotStoreContext, useSnapshotStore } from './lib/contexts';
import { dispatchKey, isComposing, type KeyHandler, KeyHandlersContext } from './lib/key-handlers';
import { pageState, type PageState } from './lib/page-state';
import { createRouting, pageForRoute } from './lib/routing';
import { createSnapshotStore } from './lib/snapshot-store';
import { applyTheme } from './lib/theme';
import { listenOnDocument, onVisible } from './lib/visibility';
import { isPinned, resetPinned } from './lib/window-actions';
import { createWindowFrame } from './lib/window-frame';
import { type Page, pages } from './pages/pages';
import { text } from './strings';

export function App(props: { host: Host }): JSX.Element {
  const host = props.host;
  const store = createSnapshotStore(host);
  const routing = createRouting(host);
  const chosen = () => pageForRoute(routing.route(), pages.map((page) => page.id));
  const content = () => pageState(store.state.snapshot, store.state.connection);
  const keyHandlers: KeyHandler[] = [];
  const isAppWindow = host.features.has('appWindow');
  listenOnDocument('keydown', (event) => {
    if (event.defaultPrevented || isComposing(event)) return;
    if (dispatchKey(keyHandlers, event)) return event.preventDefault();
    if (event.key === 'Escape' && isAppWindow) void host.dismiss().catch(() => undefined);
  });
  if (isAppWindow) listenOnDocument('contextmenu', (event) => event.preventDefault());
  onVisible(resetPinned);
  applyTheme(
    () => store.state.snapshot?.display.theme ?? null,
    () => store.state.snapshot?.isDemo !== true,
  );
  let element: HTMLElement | undefined;
  createWindowFrame(host, () => element, () => content().kind !== 'loading', chosen);
  const tabs = () => pages.map((page) => ({ ...page, count: page.unseen?.(store.state.snapshot) ?? 0 }));
  return (
    <HostContext.Provider value={host}>
      <SnapshotStoreContext.Provider value={store}>
        <RoutingContext.Provider value={routing}>
          <KeyHandlersContext.Provider value={keyHandlers}>
            <div ref={(created) => (element = created)} class="app" classList={{ 'is-stale': store.state.connection === 'disconnected' || store.state.isUnanswered }}>
              <KindPatterns />
              <header class="app__header" data-tauri-drag-region={isPinned() ? '' : undefined}>
                <h1 class="visually-hidden">{text.app.name}</h1>
                <span class="app__brand" aria-hidden="true">
                  <Logo />
                  {text.app.name}
                </span>
                <Tabs tabs={tabs()} chosen={chosen()} choose={(page) => routing.go({ page })} />
                <MoreMenu />
              </header>
              <DemoBar />
              <main class="app__main">
                <Banners />
                <Show when={store.state.snapshot?.isDemo === true ? 'demo' : 'own'} keyed>
                  {/* Pages keep what they have read, which must not mix with sample data. */}
                  <For each={pages}>{(page) => <Panel page={page} content={content()} isChosen={chosen() === page.id} />}</For>
                </Show>
              </main>
              <Show when={chosen() !== 'settings'}>
                <Foot />
              </Show>
            </div>
          </KeyHandlersContext.Provider>
        </RoutingContext.Provider>
      </SnapshotStoreContext.Provider>
    </HostContext.Provider>
  );
}

/** Renders only the chosen page, so that hidden pages cost nothing. */
function Panel(props: { page: Page; content: PageState; isChosen: boolean }): JSX.Element {
  return (
    <div
      class="app__panel"
      role="tabpanel"
      id={panelId(props.page.id)}
      aria-labelledby={tabId(props.page.id)}
      tabindex={props.isChosen ? 0 : -1}
      hidden={!props.isChosen}
    >
      <Show when={props.isChosen}>
        <PageOrPlaceholder page={props.page} content={props.content} />
      </Show>
    </div>
  );
}

function PageOrPlaceholder(props: { page: Page; content: PageState }): JSX.Element {
  const store = useSnapshotStore();
  const snapshot = () => store.state.snapshot;
  const isPage = () => props.content.kind === 'ready' || props.page.worksWithoutUsage === true;
  return (
    <Switch>
      <Match when={props.content.kind === 'loading'}>
        <LoadingPlaceholder />
      </Match>
      <Match when={props.content.kind === 'offline'}>
        <OfflinePlaceholder />
      </Match>
      <Match when={isPage() && snapshot()}>{(current) => <PageWithContext page={props.page} snapshot={current} />}</Match>
      <Match when={props.content.kind === 'firstScan' && snapshot()}>
        {(current) => <FirstScanPlaceholder roots={current().roots} />}
      </Match>
      <Match when={props.content.kind === 'empty' && snapshot()}>{(current) => <EmptyPlaceholder roots={current().roots} />}</Match>
    </Switch>
  );
}

function PageWithContext(props: { page: Page; snapshot: Accessor<Snapshot> }): JSX.Element {
  const snapshot = () => props.snapshot();
  const clock = { now: useSnapshotStore().now, zone: () => snapshot().zone };
  return (
    <SnapshotContext.Provider value={snapshot}>
      <ClockContext.Provider value={clock}>
        <Dynamic component={props.page.component} />
      </ClockContext.Provider>
    </SnapshotContext.Provider>
  );
}
