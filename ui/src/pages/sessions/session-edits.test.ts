// Edits and undo, with fake timers.
import { createRoot } from 'solid-js';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SessionChanges } from '../../bindings/SessionChanges';
import type { Host } from '../../host/host';
import { createSessionEdits, type SessionEdit, type SessionEdits, UNDO_TIMEOUT } from './session-edits';

const pin: SessionEdit = { sessionId: 's', changes: { isPinned: true }, before: { isPinned: false }, message: 'Pinned.' };

function withEdits(body: (edits: SessionEdits, requests: [string, Partial<SessionChanges>][], refuse: (on: boolean) => void) => Promise<void>): Promise<void> {
  const requests: [string, Partial<SessionChanges>][] = [];
  let refused = false;
  const updateSession = (id: string, changes: Partial<SessionChanges>) => {
    requests.push([id, changes]);
    return refused ? Promise.reject(new Error('Busy.')) : Promise.resolve({});
  };
  return createRoot(async (dispose) => {
    await body(createSessionEdits({ updateSession } as unknown as Host, () => undefined), requests, (on) => (refused = on));
    dispose();
  });
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('an edit can be undone for ten seconds with the previous values', () =>
  withEdits(async (edits, requests) => {
    await edits.apply(pin);
    vi.advanceTimersByTime(UNDO_TIMEOUT - 1);
    expect(edits.notice()).toEqual({ message: 'Pinned.', edit: pin });
    expect(await edits.undo()).toBe('s');
    expect(requests).toEqual([['s', { isPinned: true }], ['s', { isPinned: false }]]);
    expect(edits.notice()).toEqual({ message: 'Change undone.', edit: null });
    vi.advanceTimersByTime(UNDO_TIMEOUT);
    expect(edits.notice()).toBeNull();
  }));

test('two presses undo one edit', () =>
  withEdits(async (edits, requests) => {
    await edits.apply(pin);
    const both = await Promise.all([edits.undo(), edits.undo()]);
    expect(both).toEqual(['s', null]);
    expect(requests).toHaveLength(2);
  }));

test('the notice is kept while it is in use', () =>
  withEdits(async (edits) => {
    await edits.apply(pin);
    edits.keepNotice();
    vi.advanceTimersByTime(UNDO_TIMEOUT * 3);
    expect(edits.notice()).not.toBeNull();
    edits.expireNotice();
    vi.advanceTimersByTime(UNDO_TIMEOUT);
    expect(edits.notice()).toBeNull();
  }));

test('a refusal is shown without undo', () =>
  withEdits(async (edits, _, refuse) => {
    refuse(true);
    expect(await edits.tryApply(pin)).toBe(false);
    expect(edits.notice()).toEqual({ message: 'Busy.', edit: null });
    expect(await edits.undo()).toBeNull();
  }));
