// The groups of the session list.
import { expect, test } from 'vitest';
import type { AgentStatus } from '../../bindings/AgentStatus';
import type { SessionStats } from '../../bindings/SessionStats';
import { fixtureSession } from '../../host/fixtures/sessions';
import { groupHeadings } from './session-groups';

const isToday = (at: string) => at.startsWith('2026-03-14');
const session = (change: Partial<SessionStats>): SessionStats => ({ ...fixtureSession(5), isActive: false, lastActivity: '2026-03-10T10:00:00Z', ...change });
const rows = [session({ isPinned: true }), session({ isActive: true }), session({ isActive: true }), session({ lastActivity: '2026-03-14T08:00:00Z' }), session({}), session({})];

test('a heading stands before the first session of each group', () => {
  const headings = groupHeadings(rows.length, (index) => rows[index] ?? null, isToday);
  expect(headings).toEqual([
    { index: 0, group: 'pinned' },
    { index: 1, group: 'active' },
    { index: 3, group: 'today' },
    { index: 4, group: 'earlier' },
  ]);
});

test('rows that are not loaded have no heading', () => {
  expect(groupHeadings(100, (index) => (index < 2 ? (rows[index] ?? null) : null), isToday)).toHaveLength(2);
  expect(groupHeadings(0, () => null, isToday)).toEqual([]);
});

test('a session that waits is working, and an idle one is not', () => {
  const status: AgentStatus = { state: 'waiting', waitingFor: null, waitingTool: null, since: '2026-03-14T07:00:00Z', isBackground: false };
  const at = '2026-03-14T08:00:00Z';
  const running = [session({ agent: status, lastActivity: at }), session({ agent: { ...status, state: 'idle' }, lastActivity: at }), session({ agent: { ...status, state: 'busy' }, lastActivity: at })];
  const headings = groupHeadings(running.length, (index) => running[index] ?? null, isToday);
  expect(headings, 'the list is in order of use, and each group has one heading').toEqual([
    { index: 0, group: 'active' },
    { index: 1, group: 'today' },
  ]);
});
