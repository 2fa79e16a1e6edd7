// How subagents are grouped.
import { expect, test } from 'vitest';
import { madeUpRun } from '../host/made-up';
import { grouped, MOST_RUNS } from './workflows';

const run = (index: number, workflow: string | null) => ({ ...madeUpRun(index), runId: `r${index}`, workflow });

test('runs of a workflow stand together, in order of their first', () => {
  const { groups, more } = grouped([run(0, null), run(1, 'review'), run(2, null), run(3, 'build'), run(4, 'review')]);
  expect(groups.map(({ workflow, runs }) => [workflow, ...runs.map((each) => each.runId)])).toEqual([
    [null, 'r0', 'r2'],
    ['review', 'r1', 'r4'],
    ['build', 'r3'],
  ]);
  expect(more).toBe(0);
});

test('of endless runs the first are shown and all are counted', () => {
  const { groups, more } = grouped(Array.from({ length: 1_000 }, (_, index) => run(index, index < 500 ? 'one' : 'two')));
  expect(groups.map(({ runs, count }) => [runs.length, count])).toEqual([[MOST_RUNS, 500]]);
  expect(more).toBe(1_000 - MOST_RUNS);
});
