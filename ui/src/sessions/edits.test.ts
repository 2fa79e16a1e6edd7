// The way back from the last change. Time is moved by hand.
import { createRoot } from 'solid-js';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SessionChanges } from '../bindings/SessionChanges';
import type { Host } from '../host/host';
import { createEdits, REGRET, type Edit, type Edits } from './edits';

const pin: Edit = { sessionId: 's', changes: { isPinned: true }, before: { isPinned: false }, words: 'Pinned.' };

function edited(body: (edits: Edits, asked: [string, Partial<SessionChanges>][], refuse: (on: boolean) => void) => Promise<void>): Promise<void> {
  const asked: [string, Partial<SessionChanges>][] = [];
  let refused = false;
  const describe = (id: string, changes: Partial<SessionChanges>) => {
    asked.push([id, changes]);
    return refused ? Promise.reject(new Error('Busy.')) : Promise.resolve({});
  };
  return createRoot(async (dispose) => {
    await body(createEdits({ describe } as unknown as Host, () => undefined), asked, (on) => (refused = on));
    dispose();
  });
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a change can be undone for ten seconds, by what was before', () =>
  edited(async (edits, asked) => {
    await edits.make(pin);
    vi.advanceTimersByTime(REGRET - 1);
    expect(edits.notice()).toEqual({ words: 'Pinned.', edit: pin });
    expect(await edits.undo()).toBe('s');
    expect(asked).toEqual([['s', { isPinned: true }], ['s', { isPinned: false }]]);
    expect(edits.notice()).toEqual({ words: 'As it was.', edit: null });
    vi.advanceTimersByTime(REGRET);
    expect(edits.notice()).toBeNull();
  }));

test('two presses undo one change', () =>
  edited(async (edits, asked) => {
    await edits.make(pin);
    const both = await Promise.all([edits.undo(), edits.undo()]);
    expect(both).toEqual(['s', null]);
    expect(asked).toHaveLength(2);
  }));

test('while somebody is at it, it stays', () =>
  edited(async (edits) => {
    await edits.make(pin);
    edits.hold();
    vi.advanceTimersByTime(REGRET * 3);
    expect(edits.notice()).not.toBeNull();
    edits.release();
    vi.advanceTimersByTime(REGRET);
    expect(edits.notice()).toBeNull();
  }));

test('a refusal is said, and there is nothing to undo', () =>
  edited(async (edits, _, refuse) => {
    refuse(true);
    expect(await edits.attempt(pin)).toBe(false);
    expect(edits.notice()).toEqual({ words: 'Busy.', edit: null });
    expect(await edits.undo()).toBeNull();
  }));
