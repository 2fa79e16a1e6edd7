// A figure with its provenance. Every figure on the page is rendered by it. The label is read by screen readers and shown
// in the title; an official or estimated figure has a sign.
import { type JSX, Show } from 'solid-js';
import type { Provenance } from '../bindings/Provenance';
import { EstimateSign, OfficialSign } from './provenance-sign';
import './labeled-figure.css';

interface LabeledFigureProps {
  /** The provenance label, in one or a few words. */
  label: string;
  /** Draws the sign of this provenance. */
  sign?: Provenance | undefined;
  class?: string | undefined;
  /** The tooltip of the figure; defaults to its label. */
  title?: string | undefined;
  testid?: string | undefined;
  children: JSX.Element;
}

export function LabeledFigure(props: LabeledFigureProps): JSX.Element {
  return (
    <span class={`labeled-figure ${props.class ?? ''}`} title={props.title ?? props.label} data-figure data-testid={props.testid}>
      <span class="labeled-figure__value">
        <Show when={props.sign}>{(sign) => <EstimateSign of={sign()} />}</Show>
        {props.children}
        <Show when={props.sign === 'official'}>
          <OfficialSign />
        </Show>
      </span>
      <span class="visually-hidden">, {props.label}</span>
    </span>
  );
}
