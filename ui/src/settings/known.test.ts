// What is known of the settings while they are changed. The host answers when the test says so.
import { createRoot } from 'solid-js';
import { expect, test, vi } from 'vitest';
import type { SettingsPage } from '../bindings/SettingsPage';
import type { Host } from '../host/host';
import { createSettings, type KnownSettings } from './known';

const settled = () => new Promise<void>((done) => setTimeout(done));

interface World {
  settings: KnownSettings;
  asked: string[];
  /** Answers the oldest open question with a page of a version. */
  answer: (version: string) => Promise<void>;
}

function known(body: (world: World) => Promise<void>): Promise<void> {
  const asked: string[] = [];
  const open: ((page: SettingsPage) => void)[] = [];
  const put = (question: string) => (asked.push(question), new Promise<SettingsPage>((answer) => open.push(answer)));
  const host = { settings: () => put('settings'), change: (key: string, value: unknown) => put(`${key} ${String(value)}`) };
  const answer = (version: string) => (open.shift()?.({ version } as SettingsPage), settled());
  return createRoot(async (dispose) => {
    await body({ settings: createSettings(host as unknown as Host, () => undefined), asked, answer });
    dispose();
  });
}

test('of wishes made in one breath only the last is sent', () =>
  known(async ({ settings, asked, answer }) => {
    await answer('0');
    for (const theme of ['light', 'dark', 'contrast']) void settings.change('theme', theme);
    void settings.change('zone', 'auto');
    await settled();
    expect(asked.slice(1).sort(), 'another setting is another wish').toEqual(['theme contrast', 'zone auto']);
  }));

test('while one is under way the next waits for it, and only the last of them is sent', () =>
  known(async ({ settings, asked, answer }) => {
    await answer('0');
    void settings.change('theme', 'light');
    await settled();
    for (const theme of ['dark', 'contrast']) void settings.change('theme', theme);
    await settled();
    expect(asked.slice(1)).toEqual(['theme light']);
    await answer('1');
    expect(asked.slice(1)).toEqual(['theme light', 'theme contrast']);
  }));

test('an answer from before a change does not take it back', () =>
  known(async ({ settings, answer }) => {
    void settings.change('theme', 'dark');
    await settled();
    void settings.ask();
    // The question of the beginning, then the change, then the question put meanwhile.
    await answer('old');
    await answer('changed');
    await answer('older');
    expect(settings.page()?.version).toBe('changed');
  }));

test('they are asked for again when the page is seen again', () =>
  known(async ({ asked }) => {
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(asked).toHaveLength(1);
    hidden.mockReturnValue(false);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(asked).toHaveLength(2);
    hidden.mockRestore();
    await settled();
  }));
