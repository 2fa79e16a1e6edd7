// A bar of parts side by side, and the swatch that names a part. Parts are set apart by the color of the card.
import { Index, type JSX } from 'solid-js';
import './stacked-bar.css';

/** A part of a bar; `start` and `width` are shares of its length. */
export interface BarPart {
  start: number;
  width: number;
  /** The class of its color. */
  class: string;
  /** The pattern that replaces the color, a reference into the document. */
  fill?: string | undefined;
}

const percent = (share: number) => `${(share * 100).toFixed(3)}%`;

export function StackedBar(props: { parts: readonly BarPart[]; class?: string }): JSX.Element {
  return (
    <svg class={`stacked-bar ${props.class ?? ''}`} width="100%" height="10" aria-hidden="true">
      <Index each={props.parts}>
        {(part) => (
          <rect
            class={`stacked-bar__part ${part().class}`}
            x={percent(part().start)}
            width={percent(part().width)}
            height="10"
            fill={part().fill}
            visibility={part().width > 0 ? 'visible' : 'hidden'}
          />
        )}
      </Index>
    </svg>
  );
}

export function Swatch(props: { class: string; fill?: string | undefined }): JSX.Element {
  return (
    <svg class="swatch" width="8" height="8" aria-hidden="true">
      <rect class={props.class} width="8" height="8" rx="2" fill={props.fill} />
    </svg>
  );
}
