// The looks by which parts of a whole are told apart: shade and texture in a fixed order, never hue.
// A chart and its legend use the same; the last is for all others.
import type { JSX } from 'solid-js';

export interface Tone {
  class: string;
  /** A texture is referred to from the document; a plain shade comes from the style sheet. */
  fill?: string;
}

const plain: readonly Tone[] = [
  { class: 'tone-1' },
  { class: 'tone-2' },
  { class: 'tone-3', fill: 'url(#chart-rising)' },
  { class: 'tone-4', fill: 'url(#chart-dots)' },
  { class: 'tone-5', fill: 'url(#chart-level)' },
  { class: 'tone-6', fill: 'url(#chart-falling)' },
];
const others: Tone = { class: 'tone-rest' };

/** The look of a part by its place; from the seventh on all look like the rest. */
export function tone(index: number): Tone {
  return plain[index] ?? others;
}

/** The textures the tones refer to; stands once in a page that draws them. */
export function ChartTextures(): JSX.Element {
  return (
    <svg class="textures" width="0" height="0" aria-hidden="true">
      <pattern id="chart-rising" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect class="texture-ground" width="4" height="4" />
        <rect class="texture-line" width="1.8" height="4" />
      </pattern>
      <pattern id="chart-falling" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
        <rect class="texture-ground" width="5" height="5" />
        <rect class="texture-line" width="1" height="5" />
      </pattern>
      <pattern id="chart-dots" width="3" height="3" patternUnits="userSpaceOnUse">
        <rect class="texture-ground" width="3" height="3" />
        <rect class="texture-line" width="1.4" height="1.4" />
      </pattern>
      <pattern id="chart-level" width="4" height="3" patternUnits="userSpaceOnUse">
        <rect class="texture-ground" width="4" height="3" />
        <rect class="texture-line" width="4" height="1.2" />
      </pattern>
      <pattern id="chart-gap" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect class="texture-gap" width="1" height="8" />
      </pattern>
    </svg>
  );
}
