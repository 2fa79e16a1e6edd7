// The alert history, and marking alerts as seen.
import { createRoot, createSignal } from 'solid-js';
import { expect, test, vi } from 'vitest';
import type { AlertStatus } from '../../bindings/AlertStatus';
import type { Host } from '../../host/host';
import { createAlertHistory, PAGE_SIZE } from './alert-history';

const settled = () => new Promise<void>((done) => setTimeout(done));

test('alerts that arrive while the page is hidden are marked as seen when it becomes visible', async () => {
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
  let seen = 0;
  const host = { alerts: () => Promise.resolve([]), markAlertsSeen: () => ((seen += 1), Promise.resolve({})) } as unknown as Host;
  await createRoot(async (dispose) => {
    const [status, setStatus] = createSignal<AlertStatus>({ pausedUntil: null, unseen: 0, unavailable: null });
    createAlertHistory(host, status, () => undefined);
    await settled();
    setStatus({ ...status(), unseen: 2 });
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

/** Returns a host with a number of alerts, newest first, and its requests. */
function hostWithAlerts(count: number) {
  const limits: number[] = [];
  const rows = Array.from({ length: count }, (_, at) => ({ id: count - at }));
  const alerts = (limit: number) => (limits.push(limit), Promise.resolve(rows.slice(0, limit)));
  return { limits, host: { alerts, markAlertsSeen: () => Promise.resolve({}) } as unknown as Host };
}

test.each([
  [PAGE_SIZE - 1, false],
  [PAGE_SIZE, false],
  [PAGE_SIZE + 1, true],
])('with %i alerts, hasMore is %s', async (count, more) => {
  await createRoot(async (dispose) => {
    const history = createAlertHistory(hostWithAlerts(count).host, () => ({ pausedUntil: null, unseen: 0, unavailable: null }), () => undefined);
    await settled();
    expect([history.rows()?.length, history.hasMore()]).toEqual([Math.min(PAGE_SIZE, count), more]);
    await history.loadMore();
    expect([history.rows()?.length, history.hasMore()]).toEqual([count, false]);
    dispose();
  });
});
