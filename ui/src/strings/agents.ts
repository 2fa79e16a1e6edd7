// Strings of running sessions: what they do, their context and their prompt cache.
import type { AgentState } from '../bindings/AgentState';
import { pluralize } from '../lib/format';

/** The states in the words of the other surfaces. */
const states: Record<AgentState, string> = { waiting: 'waits for you', busy: 'busy', idle: 'idle' };

const counts: Record<AgentState, (count: string, number: number) => string> = {
  waiting: (count, number) => `${count} ${pluralize(number, 'waits', 'wait')} for you`,
  busy: (count) => `${count} busy`,
  idle: (count) => `${count} idle`,
};

export const agentStrings = {
  heading: 'Agents',
  states,
  counts,
  waitsForTool: (reason: string, tool: string) => `${reason} for ${tool}`,
  more: (count: string) => `${count} more`,
  noAnswerYet: 'no answer yet',
  context: 'Context',
  contextOf: (tokens: string, window: string) => `${tokens} of ${window}`,
  contextTitle: (tokens: string, window: string | null) => (window === null ? `${tokens} tokens in the context` : `${tokens} of ${window} tokens in the context`),
  cache: 'Cache',
  cacheWarm: 'warm for',
  cacheCold: 'cold',
  cacheColdShort: 'cache cold',
  warmUntil: (at: string) => `The prompt cache is warm until ${at}.`,
  coldTitle: 'The prompt cache has expired.',
  coldPrompt: (tokens: string, cost: string | null) => (cost === null ? `A cold prompt writes ${tokens} again` : `A cold prompt writes ${tokens} again, ${cost}`),
  hits: (share: string) => `${share} cached`,
  hitsTitle: 'The share of the prompt tokens that were read from the cache.',
  pullRequests: 'Pull requests',
  copyAddress: (name: string) => `Copy the address of ${name}`,
  pullRequest: (number: string) => `#${number}`,
} as const;
