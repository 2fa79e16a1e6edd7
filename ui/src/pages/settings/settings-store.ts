// The settings as known by the host. Every change returns all settings, because one may affect others. A value changes
// on screen only after the host accepted it. Of several pending changes to one setting only the last is sent, so that
// moving through a radio group does not save every step.
import { type Accessor, createSignal } from 'solid-js';
import type { SettingsPage } from '../../bindings/SettingsPage';
import type { ApiError } from '../../bindings/ApiError';
import type { Host } from '../../host/host';
import { toRefusal } from '../../host/refusal';
import { onVisible } from '../../lib/visibility';

export interface SettingsStore {
  /** Null until the first response. */
  readonly page: Accessor<SettingsPage | null>;
  /** The reason the last request failed. */
  readonly failure: Accessor<ApiError | null>;
  refetch(): Promise<void>;
  /**
   * Saves a value; null removes the saved value. Resolves to the refusal if there is one. A change that was superseded
   * is not sent.
   */
  change(key: string, value: unknown): Promise<ApiError | null>;
}

export function createSettingsStore(host: Host, onChanged: () => void): SettingsStore {
  const [page, setPage] = createSignal<SettingsPage | null>(null);
  const [failure, setFailure] = createSignal<ApiError | null>(null);
  let latestRequest = 0;
  const refetch = async () => {
    const request = (latestRequest += 1);
    try {
      const response = await host.settings();
      if (request !== latestRequest) return;
      setPage(response);
      setFailure(null);
    } catch (thrown) {
      if (request === latestRequest) setFailure(toRefusal(thrown));
    }
  };
  const save = async (key: string, value: unknown) => {
    try {
      const response = await host.changeSetting(key, value);
      // Pending requests may be older than this response.
      latestRequest += 1;
      setPage(response);
      onChanged();
      return null;
    } catch (thrown) {
      return toRefusal(thrown);
    }
  };
  const latestChange = new Map<string, number>();
  const pendingChanges = new Map<string, Promise<unknown>>();
  const changeSetting = (key: string, value: unknown) => {
    const change = (latestChange.get(key) ?? 0) + 1;
    const result = (pendingChanges.get(key) ?? Promise.resolve()).then(() => (latestChange.get(key) === change ? save(key, value) : null));
    latestChange.set(key, change);
    pendingChanges.set(key, result);
    return result;
  };
  onVisible(() => void refetch());
  void refetch();
  return { page, failure, refetch, change: changeSetting };
}
