// The folders searched for logs, each with the number of its logs.
import { For, type JSX } from 'solid-js';
import type { RootStatus } from '../bindings/RootStatus';
import { formatNumber } from '../lib/format';
import { text } from '../strings';
import { Path } from './path';
import './root-list.css';

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
