// Alerts by day.
import { expect, test } from 'vitest';
import type { AlertRow } from '../../bindings/AlertRow';
import { groupAlertsByDay } from './alert-groups';

const alert = (id: number, at: string): AlertRow => ({ id, at, rule: 'block', title: '', body: '', cause: '', route: { page: 'now' }, fate: 'shown', isTest: false });

test('alerts of the same day are together, in their order', () => {
  const alerts = [alert(4, '2026-03-14T12:00:00Z'), alert(3, '2026-03-14T00:10:00Z'), alert(2, '2026-03-13T23:50:00Z'), alert(1, '2026-03-01T09:00:00Z')];
  const days = groupAlertsByDay(alerts, (at) => at.slice(0, 10));
  expect(days.map(({ day, alerts }) => [day, alerts.map(({ id }) => id)])).toEqual([
    ['2026-03-14', [4, 3]],
    ['2026-03-13', [2]],
    ['2026-03-01', [1]],
  ]);
  expect(groupAlertsByDay([], () => '')).toEqual([]);
});
