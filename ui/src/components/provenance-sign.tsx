// The sign of a figure's provenance: a check mark after an official figure, a tilde before an estimate. A measured figure
// has no sign. The words are read by screen readers and shown in the title; the foot of the window explains the signs.
import { type JSX, Show } from 'solid-js';
import type { Provenance } from '../bindings/Provenance';
import './provenance-sign.css';

export function OfficialSign(): JSX.Element {
  return (
    <svg class="official-sign" viewBox="0 0 11 11" aria-hidden="true">
      <path d="m2 5.8 2.4 2.4L9 3" />
    </svg>
  );
}

/** The tilde of an estimate; empty for other figures. */
export function EstimateSign(props: { of: Provenance }): JSX.Element {
  return (
    <Show when={props.of === 'estimated'}>
      <span aria-hidden="true">~</span>
    </Show>
  );
}
