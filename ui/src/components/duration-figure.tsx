// A duration as a large figure: its units are small, and a word follows it.
import { For, type JSX } from 'solid-js';

export function DurationFigure(props: { value: string; unit: string }): JSX.Element {
  /** Numbers and units in turn. */
  const parts = () => props.value.split(/(\D+$|[dhm] ?)/).filter((part) => part !== '');
  return (
    <>
      <For each={parts()}>{(part) => (/^[dhm]/.test(part) ? <span class="headline__unit">{part}</span> : part)}</For>
      <span class="headline__unit"> {props.unit}</span>
    </>
  );
}
