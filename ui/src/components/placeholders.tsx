// The placeholders shown instead of a page: loading, first scan, no logs, not running. Each has a sentence and at most
// one action.
import { createSignal, For, type JSX, onCleanup, Show } from 'solid-js';
import type { RootStatus } from '../bindings/RootStatus';
import { formatNumber } from '../lib/format';
import { text } from '../strings';
import { LimitRing } from './limit-ring';
import { Path } from './path';
import { StartButton } from './start-button';
import './placeholders.css';

/** The time in milliseconds after which waiting is shown: a page that opens fast shows only its figures. */
const LOADING_DELAY = 800;

export function LoadingPlaceholder(): JSX.Element {
  const [isSlow, setSlow] = createSignal(false);
  const timer = setTimeout(() => setSlow(true), LOADING_DELAY);
  onCleanup(() => clearTimeout(timer));
  return (
    <p class="loading-note" role="status">
      {isSlow() ? text.app.loading : ''}
    </p>
  );
}

export function OfflinePlaceholder(): JSX.Element {
  return (
    <section class="placeholder" data-testid="offline-state">
      <LimitRing share={null} label={text.app.offline.title} />
      <h2>{text.app.offline.title}</h2>
      <p>{text.app.offline.hint}</p>
      <StartButton />
    </section>
  );
}

export function EmptyPlaceholder(props: { roots: readonly RootStatus[] }): JSX.Element {
  return (
    <section class="placeholder" data-testid="empty-state">
      <LimitRing share={null} label={text.app.empty.title} />
      <h2>{text.app.empty.title}</h2>
      <p>{text.app.empty.hint}</p>
      <Show when={props.roots.length > 0} fallback={<p>{text.app.empty.noRoots}</p>}>
        <Roots heading={text.app.empty.folders} roots={props.roots} />
      </Show>
    </section>
  );
}

/** The first scan: a short introduction and the folders being read. The banner above shows the progress. */
export function FirstScanPlaceholder(props: { roots: readonly RootStatus[] }): JSX.Element {
  return (
    <section class="placeholder" data-testid="first-state">
      <LimitRing share={null} label={text.app.firstScan.title} />
      <h2>{text.app.firstScan.title}</h2>
      <p>{text.app.firstScan.hint}</p>
      <Show when={props.roots.length > 0}>
        <Roots heading={text.app.firstScan.folders} roots={props.roots} />
      </Show>
    </section>
  );
}

function Roots(props: { heading: string; roots: readonly RootStatus[] }): JSX.Element {
  return (
    <>
      <h3>{props.heading}</h3>
      <RootList roots={props.roots} />
    </>
  );
}

export function RootList(props: { roots: readonly RootStatus[] }): JSX.Element {
  return (
    <ul class="root-list">
      <For each={props.roots}>{(root) => <Root root={root} />}</For>
    </ul>
  );
}

function Root(props: { root: RootStatus }): JSX.Element {
  const status = () => (props.root.found ? text.app.empty.logs(formatNumber(props.root.logs), props.root.logs) : text.app.empty.missing);
  return (
    <li class="root-list__folder">
      <span class="root-list__path">
        <Path value={props.root.path} />
      </span>
      <span class="text-muted">{status()}</span>
    </li>
  );
}
