// The alerts of the past, and which of them were seen.
import { createRoot, createSignal } from 'solid-js';
import { expect, test, vi } from 'vitest';
import type { AlertStatus } from '../bindings/AlertStatus';
import type { Host } from '../host/host';
import { createPast, PAGE } from './past';

const settled = () => new Promise<void>((done) => setTimeout(done));

test('what came while nobody looked is seen only when somebody does', async () => {
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
  let seen = 0;
  const host = { alerts: () => Promise.resolve([]), seeAlerts: () => ((seen += 1), Promise.resolve({})) } as unknown as Host;
  await createRoot(async (dispose) => {
    const [status, say] = createSignal<AlertStatus>({ pausedUntil: null, unseen: 0, unavailable: null });
    createPast(host, status, () => undefined);
    await settled();
    say({ ...status(), unseen: 2 });
    await settled();
    expect(seen).toBe(0);
    hidden.mockReturnValue(false);
    document.dispatchEvent(new Event('visibilitychange'));
    await settled();
    expect(seen).toBe(1);
    dispose();
  });
  hidden.mockRestore();
});

/** So many alerts, the newest first. */
function ofCount(count: number) {
  const asked: number[] = [];
  const rows = Array.from({ length: count }, (_, at) => ({ id: count - at }));
  const alerts = (limit: number) => (asked.push(limit), Promise.resolve(rows.slice(0, limit)));
  return { asked, host: { alerts, seeAlerts: () => Promise.resolve({}) } as unknown as Host };
}

test.each([
  [PAGE - 1, false],
  [PAGE, false],
  [PAGE + 1, true],
])('of %i alerts there are more: %s', async (count, more) => {
  await createRoot(async (dispose) => {
    const past = createPast(ofCount(count).host, () => ({ pausedUntil: null, unseen: 0, unavailable: null }), () => undefined);
    await settled();
    expect([past.rows()?.length, past.more()]).toEqual([Math.min(PAGE, count), more]);
    await past.showMore();
    expect([past.rows()?.length, past.more()]).toEqual([count, false]);
    dispose();
  });
});
