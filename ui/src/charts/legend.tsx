// The fill styles of a chart's series and of its legend: shades and patterns in a fixed order, never hues. The last
// style is for all remaining series.
import type { JSX } from 'solid-js';
import './charts.css';

export interface SeriesStyle {
  class: string;
  /** A pattern refers to the document; a plain shade comes from the style sheet. */
  fill?: string;
}

const styles: readonly SeriesStyle[] = [
  { class: 'series--1' },
  { class: 'series--2' },
  { class: 'series--3', fill: 'url(#chart-rising)' },
  { class: 'series--4', fill: 'url(#chart-dots)' },
  { class: 'series--5', fill: 'url(#chart-level)' },
  { class: 'series--6', fill: 'url(#chart-falling)' },
];
const otherStyle: SeriesStyle = { class: 'series--other' };

/** Returns the style of a series by its index; from the seventh on, all share one style. */
export function seriesStyle(index: number): SeriesStyle {
  return styles[index] ?? otherStyle;
}

/** The SVG patterns of the series styles. Rendered once on a page that draws charts. */
export function ChartPatterns(): JSX.Element {
  return (
    <svg class="pattern-defs" width="0" height="0" aria-hidden="true">
      <pattern id="chart-rising" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect class="pattern__ground" width="4" height="4" />
        <rect class="pattern__line" width="1.8" height="4" />
      </pattern>
      <pattern id="chart-falling" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
        <rect class="pattern__ground" width="5" height="5" />
        <rect class="pattern__line" width="1" height="5" />
      </pattern>
      <pattern id="chart-dots" width="3" height="3" patternUnits="userSpaceOnUse">
        <rect class="pattern__ground" width="3" height="3" />
        <rect class="pattern__line" width="1.4" height="1.4" />
      </pattern>
      <pattern id="chart-level" width="4" height="3" patternUnits="userSpaceOnUse">
        <rect class="pattern__ground" width="4" height="3" />
        <rect class="pattern__line" width="4" height="1.2" />
      </pattern>
      <pattern id="chart-gap" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect class="pattern__gap" width="1" height="8" />
      </pattern>
    </svg>
  );
}
