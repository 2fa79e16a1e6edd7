// Groups a session's subagent runs by workflow. Pure.
import type { RunStats } from '../../bindings/RunStats';

/** The maximum number of runs shown; of further runs only the number is shown. */
export const MAX_RUNS = 200;

export interface RunGroup {
  /** Null for runs outside a workflow. */
  workflow: string | null;
  runs: RunStats[];
  /** The number of runs, including those not shown. */
  count: number;
}

/** Groups runs in the order of each group's first run; runs outside a workflow form one group. */
export function groupRuns(runs: readonly RunStats[]): { groups: RunGroup[]; more: number } {
  const groups = new Map<string | null, RunGroup>();
  for (const [index, run] of runs.entries()) {
    const group = groups.get(run.workflow) ?? { workflow: run.workflow, runs: [], count: 0 };
    group.count += 1;
    if (index < MAX_RUNS) group.runs.push(run);
    groups.set(run.workflow, group);
  }
  return { groups: [...groups.values()].filter((group) => group.runs.length > 0), more: Math.max(0, runs.length - MAX_RUNS) };
}
