// The colors of a chart's series and of its legend, by rank. Patterns replace them with more contrast and with forced
// colors. The last style is for all remaining series.
import type { JSX } from 'solid-js';
import './charts.css';

export interface SeriesStyle {
  class: string;
  /** The pattern that replaces the color, a reference into the document. */
  fill?: string;
}

const styles: readonly SeriesStyle[] = [
  { class: 'series--1' },
  { class: 'series--2' },
  { class: 'series--3', fill: 'url(#chart-rising)' },
  { class: 'series--4', fill: 'url(#chart-dots)' },
  { class: 'series--5', fill: 'url(#chart-level)' },
  { class: 'series--6', fill: 'url(#chart-falling)' },
  { class: 'series--7', fill: 'url(#chart-upright)' },
  { class: 'series--8', fill: 'url(#chart-checks)' },
  { class: 'series--9', fill: 'url(#chart-grid)' },
  { class: 'series--10', fill: 'url(#chart-rings)' },
  { class: 'series--11', fill: 'url(#chart-steep)' },
];
const otherStyle: SeriesStyle = { class: 'series--other' };

/** Returns the style of a series by its index; from the twelfth on, all share one style. */
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
      <pattern id="chart-upright" width="3" height="4" patternUnits="userSpaceOnUse">
        <rect class="pattern__ground" width="3" height="4" />
        <rect class="pattern__line" width="1" height="4" />
      </pattern>
      <pattern id="chart-checks" width="4" height="4" patternUnits="userSpaceOnUse">
        <rect class="pattern__ground" width="4" height="4" />
        <rect class="pattern__line" width="2" height="2" />
        <rect class="pattern__line" x="2" y="2" width="2" height="2" />
      </pattern>
      <pattern id="chart-grid" width="5" height="5" patternUnits="userSpaceOnUse">
        <rect class="pattern__ground" width="5" height="5" />
        <rect class="pattern__line" width="5" height="1" />
        <rect class="pattern__line" width="1" height="5" />
      </pattern>
      <pattern id="chart-rings" width="6" height="6" patternUnits="userSpaceOnUse">
        <rect class="pattern__ground" width="6" height="6" />
        <circle class="pattern__line" cx="3" cy="3" r="2.4" />
        <circle class="pattern__ground" cx="3" cy="3" r="1.2" />
      </pattern>
      <pattern id="chart-steep" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-20)">
        <rect class="pattern__ground" width="6" height="6" />
        <rect class="pattern__line" width="3" height="6" />
      </pattern>
    </svg>
  );
}
