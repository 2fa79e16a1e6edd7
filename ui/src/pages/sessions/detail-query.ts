// The details of an expanded session. Refetched when its row or its metadata changed. The last details stay meanwhile,
// and a response to an outdated request is dropped.
import { type Accessor, createMemo } from 'solid-js';
import type { SessionDetail } from '../../bindings/SessionDetail';
import type { SessionStats } from '../../bindings/SessionStats';
import type { Host } from '../../host/host';
import { createQuery, type Query } from '../../lib/query';

export type DetailQuery = Query<SessionDetail>;

/** `editCount` increases with each edit of session metadata. */
export function createDetailQuery(host: Host, session: Accessor<SessionStats>, editCount: Accessor<number> = () => 0): DetailQuery {
  // A row with equal figures has equal details.
  const key = createMemo(() => [session().sessionId, session().lastActivity, session().totalTokens, editCount()].join(' '));
  return createQuery(key, () => host.session(session().sessionId));
}
