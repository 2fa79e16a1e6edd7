// The groups of the session list in its recent order: pinned, working now, today, earlier. Pure.
import type { SessionStats } from '../../bindings/SessionStats';

export type SessionGroup = 'pinned' | 'active' | 'today' | 'earlier';

/** A heading before the row of an index. */
export interface GroupHeading {
  index: number;
  group: SessionGroup;
}

export function groupOf(session: SessionStats, isToday: (at: string) => boolean): SessionGroup {
  if (session.isPinned) return 'pinned';
  if (session.isActive) return 'active';
  return isToday(session.lastActivity) ? 'today' : 'earlier';
}

/** Returns the headings of the loaded rows: one where a new group begins. A row that is not loaded has no heading. */
export function groupHeadings(count: number, row: (index: number) => SessionStats | null, isToday: (at: string) => boolean): GroupHeading[] {
  const headings: GroupHeading[] = [];
  let group: SessionGroup | null = null;
  for (let index = 0; index < count; index += 1) {
    const session = row(index);
    if (session === null) break;
    const next = groupOf(session, isToday);
    if (next !== group) headings.push({ index, group: next });
    group = next;
    // The last group reaches to the end of the list.
    if (group === 'earlier') break;
  }
  return headings;
}
