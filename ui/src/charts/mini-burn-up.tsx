// The small burn-up curve of a past block. Curves beside each other share the value of their top line.
import type { JSX } from 'solid-js';
import { miniCurve } from './burn-up-layout';
import './mini-burn-up.css';

/** The size in pixels. */
const [WIDTH, HEIGHT] = [84, 26];

/** The distance of the top line and of the base line from the edges, in pixels. */
const [TOP, BASE] = [3, 1.5];

interface MiniBurnUpProps {
  /** The usage by the end of each quarter of an hour. */
  steps: readonly number[];
  /** The length of the block and the part of it that has passed, in milliseconds. */
  length: number;
  elapsed: number;
  /** The value of the top line. */
  top: number;
}

export function MiniBurnUp(props: MiniBurnUpProps): JSX.Element {
  const base = HEIGHT - BASE;
  const points = () => miniCurve(props.steps, props.length, props.elapsed, props.top).map(({ x, y }) => ({ x: x * WIDTH, y: base - y * (base - TOP) }));
  const path = () => points().map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  const end = () => points().at(-1)?.x.toFixed(1) ?? '0';
  return (
    <svg class="mini-burn-up" width={WIDTH} height={HEIGHT} aria-hidden="true">
      <line class="mini-burn-up__grid" x2={WIDTH} y1={TOP} y2={TOP} />
      <line class="mini-burn-up__grid" x2={WIDTH} y1={base + 0.5} y2={base + 0.5} />
      <polygon class="mini-burn-up__area" points={`0,${base} ${path()} ${end()},${base}`} />
      <polyline class="mini-burn-up__line" points={path()} />
    </svg>
  );
}
