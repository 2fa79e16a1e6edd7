// What running sessions do: their order is the engine's. Texts, counts and the time left of a prompt cache. Pure.
import type { AgentState } from '../bindings/AgentState';
import type { AgentStatus } from '../bindings/AgentStatus';
import type { PromptCache } from '../bindings/PromptCache';
import type { SessionAgent } from '../bindings/SessionAgent';
import { text } from '../strings';
import { sanitizeName } from './sanitize';

export const agentStates: readonly AgentState[] = ['waiting', 'busy', 'idle'];

/** Returns the number of running sessions in each state that has any. */
export function countAgents(agents: readonly SessionAgent[]): { state: AgentState; count: number }[] {
  return agentStates.map((state) => ({ state, count: agents.filter((agent) => agent.status.state === state).length })).filter(({ count }) => count > 0);
}

/** Returns the reason for waiting in Claude Code's words, with the tool to be approved; null if there is none. */
export function waitingReason({ state, waitingFor, waitingTool }: AgentStatus): string | null {
  if (state !== 'waiting' || waitingFor === null) return null;
  const reason = sanitizeName(waitingFor);
  return waitingTool === null ? reason : text.agents.waitsForTool(reason, sanitizeName(waitingTool));
}

/** The time below which a cache is about to expire, in milliseconds. */
const SOON = 60_000;

/** The state of a prompt cache: the time until it expires in milliseconds, or cold. */
export type CacheState = { kind: 'warm'; left: number; isSoon: boolean } | { kind: 'cold' };

export function cacheState(cache: PromptCache, now: number): CacheState {
  const left = Date.parse(cache.expiresAt) - now;
  return left > 0 ? { kind: 'warm', left, isSoon: left < SOON } : { kind: 'cold' };
}

/** Returns an address if it is a plain one of the web; null otherwise. Only such an address is offered to be opened. */
export function webAddress(url: string): string | null {
  if (!/^https?:\/\/[^\s@\\"<>]+$/i.test(url)) return null;
  try {
    const { protocol, username, password } = new URL(url);
    return (protocol === 'https:' || protocol === 'http:') && username + password === '' ? url : null;
  } catch {
    return null;
  }
}
