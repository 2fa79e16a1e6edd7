// The colors of the token kinds, and the patterns that replace some of them with more contrast and with forced colors.
import type { JSX } from 'solid-js';
import type { CostKind } from '../lib/token-kinds';
import './stacked-bar.css';

/** The SVG patterns all bars refer to. Rendered once in the app. */
export function KindPatterns(): JSX.Element {
  return (
    <svg class="pattern-defs" width="0" height="0" aria-hidden="true">
      <pattern id="texture-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect class="pattern__ground" width="5" height="5" />
        <rect class="pattern__line" width="2.4" height="5" />
      </pattern>
      <pattern id="texture-dots" width="4" height="4" patternUnits="userSpaceOnUse">
        <rect class="pattern__ground" width="4" height="4" />
        <circle class="pattern__dot" cx="2" cy="2" r="0.9" />
      </pattern>
    </svg>
  );
}

/** A pattern refers to the document; a plain shade comes from the style sheet. */
export const kindFills: Record<CostKind, string | undefined> = {
  inputTokens: undefined,
  outputTokens: undefined,
  cacheCreationTokens: 'url(#texture-hatch)',
  cacheReadTokens: 'url(#texture-dots)',
  other: undefined,
};

export const kindClasses: Record<CostKind, string> = {
  inputTokens: 'kind-fill--input',
  outputTokens: 'kind-fill--output',
  cacheCreationTokens: 'kind-fill--write',
  cacheReadTokens: 'kind-fill--read',
  other: 'kind-fill--other',
};
