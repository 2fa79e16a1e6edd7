// What every page of the team's dashboard uses: the host, the member who is signed in, and the time.
import { type Accessor, createContext, onCleanup, useContext } from 'solid-js';
import type { TeamCaller, TeamHost } from '../host/team';
import type { Query } from '../lib/query';
import { MINUTE } from '../lib/time';

export interface Team {
  host: TeamHost;
  /** Null until the hub has responded. */
  caller: Accessor<TeamCaller | null>;
  /** The current time, advanced every minute. */
  now: Accessor<number>;
}

export const TeamContext = createContext<Team>();

export function useTeam(): Team {
  const team = useContext(TeamContext);
  if (team === undefined) throw new Error('used outside of its context provider');
  return team;
}

/** Refetches a query each minute while the page is visible. Devices push once a minute. */
export function refetchEachMinute(query: Query<unknown>): void {
  const timer = setInterval(() => !document.hidden && query.refetch(), MINUTE);
  onCleanup(() => clearInterval(timer));
}
