// The four levels of a limit's usage. Pure. The tray icon uses the same levels.

export type LimitLevel = 'calm' | 'busy' | 'high' | 'over';

/** The percentage from which each level applies, highest first. */
const thresholds: readonly (readonly [from: number, LimitLevel])[] = [
  [100, 'over'],
  [90, 'high'],
  [75, 'busy'],
];

export function limitLevel(percent: number): LimitLevel {
  return thresholds.find(([from]) => percent >= from)?.[1] ?? 'calm';
}
