// How full a limit is, in the four steps every surface shows. Pure: a percentage in, a step out.
// It refuses to know what the limit is, and how a step looks.

export type Fullness = 'calm' | 'busy' | 'high' | 'over';

/** Per cent from which each step holds, the fullest first; the tray's icon goes by the same. */
const steps: readonly (readonly [from: number, Fullness])[] = [
  [100, 'over'],
  [90, 'high'],
  [75, 'busy'],
];

export function fullness(percent: number): Fullness {
  return steps.find(([from]) => percent >= from)?.[1] ?? 'calm';
}
