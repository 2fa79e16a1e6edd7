// The settings as the host has them. Each change answers with all of them, because one may move another.
// It refuses to show a wish as done: a value stays what it was until the host says otherwise.
import { createSignal, type Accessor } from 'solid-js';
import type { SettingsPage } from '../bindings/SettingsPage';
import type { Host, Refusal } from '../host/host';
import { toRefusal } from '../host/refusal';

export interface KnownSettings {
  /** Null until the first answer. */
  readonly page: Accessor<SettingsPage | null>;
  /** Why there is no answer. */
  readonly failure: Accessor<Refusal | null>;
  ask(): Promise<void>;
  /** Saves a value, null for none of our own; answers why it was refused. */
  change(key: string, value: unknown): Promise<Refusal | null>;
}

export function createSettings(host: Host, changed: () => void): KnownSettings {
  const [page, setPage] = createSignal<SettingsPage | null>(null);
  const [failure, setFailure] = createSignal<Refusal | null>(null);
  const ask = async () => {
    try {
      setPage(await host.settings());
      setFailure(null);
    } catch (thrown) {
      setFailure(toRefusal(thrown));
    }
  };
  const change = async (key: string, value: unknown) => {
    try {
      setPage(await host.change(key, value));
      changed();
      return null;
    } catch (thrown) {
      return toRefusal(thrown);
    }
  };
  void ask();
  return { page, failure, ask, change };
}
