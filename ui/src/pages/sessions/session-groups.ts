// The groups of the session list in its recent order: pinned, working now, today, earlier. Pure.
import type { SessionStats } from '../../bindings/SessionStats';

/** The groups in the order of the list. */
const groups = ['pinned', 'active', 'today', 'earlier'] as const;

export type SessionGroup = (typeof groups)[number];

/** A heading before the row of an index. */
export interface GroupHeading {
  index: number;
  group: SessionGroup;
}

/** Returns true if a session was used just now, or does something. A running session that is idle for long does not work. */
const isWorking = (session: SessionStats) => session.isActive || (session.agent !== null && session.agent.state !== 'idle');

export function groupOf(session: SessionStats, isToday: (at: string) => boolean): SessionGroup {
  if (session.isPinned) return 'pinned';
  if (isWorking(session)) return 'active';
  return isToday(session.lastActivity) ? 'today' : 'earlier';
}

/**
 * Returns the headings of the loaded rows: one where a new group begins. A row that is not loaded has no heading. The list is
 * in order of use, so a session that works without a new line for long is in the group of its neighbors.
 */
export function groupHeadings(count: number, row: (index: number) => SessionStats | null, isToday: (at: string) => boolean): GroupHeading[] {
  const headings: GroupHeading[] = [];
  let rank = -1;
  for (let index = 0; index < count; index += 1) {
    const session = row(index);
    if (session === null) break;
    const next = Math.max(rank, groups.indexOf(groupOf(session, isToday)));
    if (next !== rank) headings.push({ index, group: groups[next] ?? 'earlier' });
    rank = next;
    // The last group reaches to the end of the list.
    if (groups[rank] === 'earlier') break;
  }
  return headings;
}
