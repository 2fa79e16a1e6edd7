// The settings as the host has them. Each change answers with all of them, because one may move another.
// It refuses to show a wish as done: a value stays what it was until the host says otherwise. Of wishes for one setting
// that come faster than answers only the last is sent, so that walking along a choice does not save every step of it.
import { createSignal, type Accessor } from 'solid-js';
import type { SettingsPage } from '../bindings/SettingsPage';
import type { Host, Refusal } from '../host/host';
import { toRefusal } from '../host/refusal';
import { onSeenAgain } from '../visible';

export interface KnownSettings {
  /** Null until the first answer. */
  readonly page: Accessor<SettingsPage | null>;
  /** Why there is no answer. */
  readonly failure: Accessor<Refusal | null>;
  ask(): Promise<void>;
  /** Saves a value, null for none of our own; answers why it was refused. A wish that a later one overtook is not sent. */
  change(key: string, value: unknown): Promise<Refusal | null>;
}

export function createSettings(host: Host, changed: () => void): KnownSettings {
  const [page, setPage] = createSignal<SettingsPage | null>(null);
  const [failure, setFailure] = createSignal<Refusal | null>(null);
  let asked = 0;
  const ask = async () => {
    const request = (asked += 1);
    try {
      const answer = await host.settings();
      if (request !== asked) return;
      setPage(answer);
      setFailure(null);
    } catch (thrown) {
      if (request === asked) setFailure(toRefusal(thrown));
    }
  };
  const save = async (key: string, value: unknown) => {
    try {
      const answer = await host.change(key, value);
      // Whatever is still being asked for may be older than this.
      asked += 1;
      setPage(answer);
      changed();
      return null;
    } catch (thrown) {
      return toRefusal(thrown);
    }
  };
  const turns = new Map<string, number>();
  const underWay = new Map<string, Promise<unknown>>();
  const change = (key: string, value: unknown) => {
    const turn = (turns.get(key) ?? 0) + 1;
    const mine = (underWay.get(key) ?? Promise.resolve()).then(() => (turns.get(key) === turn ? save(key, value) : null));
    turns.set(key, turn);
    underWay.set(key, mine);
    return mine;
  };
  onSeenAgain(() => void ask());
  void ask();
  return { page, failure, ask, change };
}
