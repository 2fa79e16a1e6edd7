// Running sessions.
import { expect, test } from 'vitest';
import type { AgentState } from '../bindings/AgentState';
import type { AgentStatus } from '../bindings/AgentStatus';
import type { PromptCache } from '../bindings/PromptCache';
import type { SessionAgent } from '../bindings/SessionAgent';
import { cacheState, countAgents, waitingReason, webAddress } from './agents';

const status = (state: AgentState, waitingFor: string | null = null, waitingTool: string | null = null): AgentStatus => ({ state, waitingFor, waitingTool, since: '2026-03-14T12:00:00Z', isBackground: false });
const agent = (state: AgentState): SessionAgent => ({ sessionId: state, displayName: state, nameSource: 'aiTitle', projectPath: null, branch: null, modelsUsed: [], totals: null, isMuted: false, hasMessages: true, status: status(state), context: null, promptCache: null });

test('states without sessions are left out of the counts', () => {
  expect(countAgents([agent('idle'), agent('waiting'), agent('idle')])).toEqual([
    { state: 'waiting', count: 1 },
    { state: 'idle', count: 2 },
  ]);
  expect(countAgents([])).toEqual([]);
});

test('the reason for waiting names the tool if it is known', () => {
  expect(waitingReason(status('waiting', 'permission prompt', 'Bash'))).toBe('permission prompt for Bash');
  expect(waitingReason(status('waiting', 'dialog open'))).toBe('dialog open');
  expect(waitingReason(status('waiting'))).toBeNull();
  expect(waitingReason(status('busy', 'permission prompt')), 'an old reason').toBeNull();
});

test('a cache is warm until it expires', () => {
  const cache: PromptCache = { expiresAt: '2026-03-14T12:05:00Z', ttlSeconds: 300, hitPercent: null, coldTokens: null, coldCost: null, lastMiss: null, label: 'estimated' };
  const at = (iso: string) => cacheState(cache, Date.parse(iso));
  expect(at('2026-03-14T12:01:00Z')).toEqual({ kind: 'warm', left: 240_000, isSoon: false });
  expect(at('2026-03-14T12:04:30Z')).toEqual({ kind: 'warm', left: 30_000, isSoon: true });
  expect(at('2026-03-14T12:05:00Z')).toEqual({ kind: 'cold' });
});

test.each([
  ['https://github.com/ada/harbour/pull/7', true],
  ['http://git.example:3000/ada/pulls/7?a=1#b', true],
  ['javascript:alert(1)', false],
  ['javascript://github.com/%0aalert(1)', false],
  ['file:///etc/passwd', false],
  ['https://github.com@evil.example/pull/7', false],
  ['https://github.com/a b', false],
  ['https://', false],
  ['', false],
])('%s is a web address: %s', (url, isAddress) => {
  expect(webAddress(url)).toBe(isAddress ? url : null);
});
