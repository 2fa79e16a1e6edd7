// The settings store during changes, with a controlled host.
import { createRoot } from 'solid-js';
import { expect, test, vi } from 'vitest';
import type { SettingsPage } from '../../bindings/SettingsPage';
import type { Host } from '../../host/host';
import { createSettingsStore, type SettingsStore } from './settings-store';

const settled = () => new Promise<void>((done) => setTimeout(done));

interface Context {
  settings: SettingsStore;
  requests: string[];
  /** Responds to the oldest open request with a page of the given version. */
  respond: (version: string) => Promise<void>;
}

function withStore(body: (context: Context) => Promise<void>): Promise<void> {
  const requests: string[] = [];
  const open: ((page: SettingsPage) => void)[] = [];
  const send = (request: string) => (requests.push(request), new Promise<SettingsPage>((respond) => open.push(respond)));
  const host = { settings: () => send('settings'), changeSetting: (key: string, value: unknown) => send(`${key} ${String(value)}`) };
  const respond = (version: string) => (open.shift()?.({ version } as SettingsPage), settled());
  return createRoot(async (dispose) => {
    await body({ settings: createSettingsStore(host as unknown as Host, () => undefined), requests, respond });
    dispose();
  });
}

test('of simultaneous changes to a setting only the last is sent', () =>
  withStore(async ({ settings, requests, respond }) => {
    await respond('0');
    for (const theme of ['light', 'dark', 'contrast']) void settings.change('theme', theme);
    void settings.change('zone', 'auto');
    await settled();
    expect(requests.slice(1).sort(), 'changes of other settings are sent too').toEqual(['theme contrast', 'zone auto']);
  }));

test('changes wait for the pending one, and only the last of them is sent', () =>
  withStore(async ({ settings, requests, respond }) => {
    await respond('0');
    void settings.change('theme', 'light');
    await settled();
    for (const theme of ['dark', 'contrast']) void settings.change('theme', theme);
    await settled();
    expect(requests.slice(1)).toEqual(['theme light']);
    await respond('1');
    expect(requests.slice(1)).toEqual(['theme light', 'theme contrast']);
  }));

test('a response from before a change does not revert it', () =>
  withStore(async ({ settings, respond }) => {
    void settings.change('theme', 'dark');
    await settled();
    void settings.refetch();
    // Responds to the initial request, then to the change, then to the request in between.
    await respond('old');
    await respond('changed');
    await respond('older');
    expect(settings.page()?.version).toBe('changed');
  }));

test('settings are refetched when the page becomes visible', () =>
  withStore(async ({ requests }) => {
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(requests).toHaveLength(1);
    hidden.mockReturnValue(false);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(requests).toHaveLength(2);
    hidden.mockRestore();
    await settled();
  }));
