// A figure with its provenance label. Every figure on the page is rendered by it. If a heading already shows the label,
// it is visually hidden here but still read by a screen reader.
import type { JSX } from 'solid-js';
import './labeled-figure.css';

interface LabeledFigureProps {
  /** The provenance label, in one or a few words. */
  label: string;
  /** True if a heading already shows the label. */
  hideLabel?: boolean;
  class?: string;
  title?: string | undefined;
  /** The tooltip of the label. */
  labelTitle?: string | undefined;
  testid?: string;
  children: JSX.Element;
}

export function LabeledFigure(props: LabeledFigureProps): JSX.Element {
  return (
    <span class={`labeled-figure ${props.class ?? ''}`} title={props.title} data-figure data-testid={props.testid}>
      <span class="labeled-figure__value">{props.children}</span>
      <span class={props.hideLabel ? 'visually-hidden' : 'labeled-figure__separator'}>, </span>
      <span class={props.hideLabel ? 'visually-hidden' : 'provenance'} title={props.labelTitle}>
        {props.label}
      </span>
    </span>
  );
}
