// The faces without figures: still asking, nothing found, nobody there. Designed states, not error pages:
// each has a sentence, and one thing to do where there is one.
import { For, Show, type JSX } from 'solid-js';
import type { RootStatus } from '../bindings/RootStatus';
import { exact } from '../format';
import type { LiveState } from '../state';
import { text } from '../text';
import { Path } from './path';
import { Ring } from './ring';
import { StartButton } from './start-button';

export function AskingFace(): JSX.Element {
  return (
    <p class="face-note" role="status">
      {text.asking}
    </p>
  );
}

export function OfflineFace(props: { state: LiveState }): JSX.Element {
  return (
    <section class="face" data-testid="offline-state">
      <Ring share={null} label={text.offline.title} />
      <h2>{text.offline.title}</h2>
      <p>{text.offline.hint}</p>
      <StartButton state={props.state} />
    </section>
  );
}

export function EmptyFace(props: { roots: readonly RootStatus[] }): JSX.Element {
  return (
    <section class="face" data-testid="empty-state">
      <Ring share={null} label={text.empty.title} />
      <h2>{text.empty.title}</h2>
      <p>{text.empty.hint}</p>
      <Show when={props.roots.length > 0} fallback={<p>{text.empty.noRoots}</p>}>
        <Roots heading={text.empty.looked} roots={props.roots} />
      </Show>
    </section>
  );
}

/** The very first minutes: what this is and where it looks; how far it is stands in the banner above. */
export function FirstFace(props: { roots: readonly RootStatus[] }): JSX.Element {
  return (
    <section class="face" data-testid="first-state">
      <Ring share={null} label={text.first.title} />
      <h2>{text.first.title}</h2>
      <p>{text.first.hint}</p>
      <Show when={props.roots.length > 0}>
        <Roots heading={text.first.looked} roots={props.roots} />
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
    <ul class="roots">
      <For each={props.roots}>{(root) => <Root root={root} />}</For>
    </ul>
  );
}

function Root(props: { root: RootStatus }): JSX.Element {
  const found = () => (props.root.found ? text.empty.found(exact(props.root.logs), props.root.logs) : text.empty.missing);
  return (
    <li class="root-folder">
      <span class="root-path">
        <Path value={props.root.path} />
      </span>
      <span class="dim">{found()}</span>
    </li>
  );
}
