// What a person added to the made-up sessions, and their list in the order asked for.
import type { SessionChanges } from '../bindings/SessionChanges';
import type { SessionMetadata } from '../bindings/SessionMetadata';
import type { SessionSort } from '../bindings/SessionSort';
import type { SessionStats } from '../bindings/SessionStats';
import type { SessionQuery } from './host';
import { iso, START } from './made-up';
import { refusal } from './made-up-refusal';

/** Longer names, tags and descriptions are refused. */
const LONGEST = { name: 200, tag: 40, description: 2_000 };

const by: Record<SessionSort, (one: SessionStats, other: SessionStats) => number> = {
  recent: (one, other) => other.lastActivity.localeCompare(one.lastActivity),
  tokens: (one, other) => other.totalTokens - one.totalTokens,
  cost: (one, other) => (other.totalCost ?? 0) - (one.totalCost ?? 0),
  name: (one, other) => one.displayName.localeCompare(other.displayName),
};

export class Notes {
  private readonly sessions: SessionStats[];
  private readonly descriptions = new Map<string, string>();

  constructor(sessions: readonly SessionStats[]) {
    this.sessions = sessions.map((session) => ({ ...session }));
  }

  all(): SessionStats[] {
    return this.sessions;
  }

  list({ offset, limit, search, sort, hiddenToo }: SessionQuery): { sessions: SessionStats[]; count: number } {
    const sought = search?.toLowerCase() ?? '';
    const found = this.sessions.filter((session) => (hiddenToo || !session.isHidden) && matches(session, sought));
    const first = (session: SessionStats) => Number(session.isPinned) * 2 + Number(session.isActive);
    found.sort((one, other) => first(other) - first(one) || by[sort](one, other));
    return { sessions: found.slice(offset, offset + limit).map((session) => ({ ...session })), count: found.length };
  }

  find(id: string): SessionStats {
    const session = this.sessions.find((other) => other.sessionId === id);
    if (!session) throw refusal('notFound', 'This session is no longer there.', null);
    return session;
  }

  description(id: string): string | null {
    return this.descriptions.get(id) ?? null;
  }

  describe(id: string, changes: Partial<SessionChanges>): SessionMetadata {
    const session = this.find(id);
    this.check(session, changes);
    if (typeof changes.name === 'string') name(session, changes.name);
    if (typeof changes.description === 'string') this.descriptions.set(id, changes.description);
    session.tags = changes.tags ?? session.tags;
    session.isPinned = changes.isPinned ?? session.isPinned;
    session.isHidden = changes.isHidden ?? session.isHidden;
    session.isMuted = changes.isMuted ?? session.isMuted;
    const { sessionName, projectPath, tags, isPinned, isHidden, isMuted } = session;
    const at = iso(START);
    return { uuid: id, name: sessionName, projectPath, createdAt: at, updatedAt: at, tags, description: this.description(id), isPinned, isHidden, isMuted };
  }

  private check(session: SessionStats, { name, tags, description }: Partial<SessionChanges>): void {
    const sought = name?.toLowerCase();
    if ((name?.length ?? 0) > LONGEST.name) throw refusal('nameInvalid', 'A name has at most 200 characters.', 'Choose a shorter one.');
    const taken = sought && this.sessions.some((other) => other !== session && other.displayName.toLowerCase() === sought);
    if (taken) throw refusal('nameTaken', 'Another session has this name.', 'Names are unique; choose another.');
    if (tags?.some((tag) => tag.length > LONGEST.tag)) throw refusal('badValue', 'A tag has at most 40 characters.', null);
    if ((description?.length ?? 0) > LONGEST.description) throw refusal('badValue', 'A description has at most 2,000 characters.', null);
  }
}

function name(session: SessionStats, given: string): void {
  session.sessionName = given === '' ? null : given;
  session.displayName = given === '' ? 'a title from the logs' : given;
  session.nameSource = given === '' ? 'aiTitle' : 'user';
}

function matches(session: SessionStats, sought: string): boolean {
  const texts = [session.displayName, session.projectPath ?? '', session.branch ?? '', session.sessionId, ...session.modelsUsed, ...session.tags];
  return texts.some((text) => text.toLowerCase().includes(sought));
}
