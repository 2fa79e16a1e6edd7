// The groups of subagent runs.
import { expect, test } from 'vitest';
import { fixtureRun } from '../../host/fixtures/sessions';
import { groupRuns, MAX_RUNS } from './subagent-groups';

const run = (index: number, workflow: string | null) => ({ ...fixtureRun(index), runId: `r${index}`, workflow });

test('runs are grouped by workflow, in the order of the first run', () => {
  const { groups, more } = groupRuns([run(0, null), run(1, 'review'), run(2, null), run(3, 'build'), run(4, 'review')]);
  expect(groups.map(({ workflow, runs }) => [workflow, ...runs.map((each) => each.runId)])).toEqual([
    [null, 'r0', 'r2'],
    ['review', 'r1', 'r4'],
    ['build', 'r3'],
  ]);
  expect(more).toBe(0);
});

test('the first runs are shown, and all are counted', () => {
  const { groups, more } = groupRuns(Array.from({ length: 1_000 }, (_, index) => run(index, index < 500 ? 'one' : 'two')));
  expect(groups.map(({ runs, count }) => [runs.length, count])).toEqual([[MAX_RUNS, 500]]);
  expect(more).toBe(1_000 - MAX_RUNS);
});
