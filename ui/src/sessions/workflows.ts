// The runs of a session's subagents in the order they are shown: by themselves, or under the workflow they were part of.
// Pure: it groups and cuts, and adds nothing up.
import type { RunStats } from '../bindings/RunStats';

/** Enough for any day's work; beyond, only their number is told. */
export const MOST_RUNS = 200;

export interface RunGroup {
  /** Null for runs that were part of none. */
  workflow: string | null;
  runs: RunStats[];
  /** How many there are in all, those cut among them. */
  count: number;
}

/** In order of each group's first run; a run by itself is in the first such group. */
export function grouped(runs: readonly RunStats[]): { groups: RunGroup[]; more: number } {
  const groups = new Map<string | null, RunGroup>();
  for (const [place, run] of runs.entries()) {
    const group = groups.get(run.workflow) ?? { workflow: run.workflow, runs: [], count: 0 };
    group.count += 1;
    if (place < MOST_RUNS) group.runs.push(run);
    groups.set(run.workflow, group);
  }
  return { groups: [...groups.values()].filter((group) => group.runs.length > 0), more: Math.max(0, runs.length - MOST_RUNS) };
}
