// The tokens of today as a compact number. Tabular digits keep its width, and the exact number is an attribute.
import type { JSX } from 'solid-js';
import { formatCompact } from '../lib/format';

export function TodayTotal(props: { value: number }): JSX.Element {
  return (
    <strong data-testid="today-total" data-value={props.value}>
      {formatCompact(props.value)}
    </strong>
  );
}
