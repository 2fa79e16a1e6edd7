// A figure and where it comes from: how every figure reaches the page. It refuses to show one without the other;
// where a heading already says the label to those who see it, it is still said to those who listen.
import type { JSX } from 'solid-js';

interface LabelledProps {
  /** In a word or a few. */
  label: string;
  /** The label stands beside more figures at once; here it is only heard. */
  heard?: boolean;
  class?: string;
  title?: string | undefined;
  /** What explains the label. */
  labelTitle?: string | undefined;
  testid?: string;
  children: JSX.Element;
}

export function Labelled(props: LabelledProps): JSX.Element {
  return (
    <span class={`labelled ${props.class ?? ''}`} title={props.title} data-figure data-testid={props.testid}>
      <span class="labelled-figure">{props.children}</span>
      <span class={props.heard ? 'heard' : 'comma'}>, </span>
      <span class={props.heard ? 'heard' : 'label'} title={props.labelTitle}>
        {props.label}
      </span>
    </span>
  );
}
