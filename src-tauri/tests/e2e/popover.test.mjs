// The popover's content, read and operated through WebDriver: correct figures, live updates, and an offline state when the
// connection is lost.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { desktop, describeLayouts } from './harness.mjs';
import { LAYOUTS, createData, programPath, startMonitor } from './monitor.mjs';
import { openTab, waitForTodayTokens } from './popover-page.mjs';
import { sendSignal, trayProcesses } from './processes.mjs';
import { waitFor } from './wait.mjs';
import { launchWithDriver } from './webdriver.mjs';

const OFFLINE = '[data-testid="offline-banner"], [data-testid="offline-state"]';

describeLayouts('the popover', (layout) => {
  test('shows the tokens in the logs, and updates when a line is appended', async () => {
    const data = createData(desktop);
    const session = data.claude.session();
    session.answer();
    session.answer();
    const monitor = await startMonitor(desktop, layout, data, { automated: true });
    const page = await monitor.openWithDriver();
    await waitForTodayTokens(page, data.claude.tokens);
    session.answer();
    await waitForTodayTokens(page, data.claude.tokens);
    await page.detach();
  });

  test('shows the empty state until the first line is written', async () => {
    const data = createData(desktop);
    const monitor = await startMonitor(desktop, layout, data, { automated: true });
    const page = await monitor.openWithDriver();
    await page.waitForTestId('empty-state');
    data.claude.session().answer();
    await waitForTodayTokens(page, data.claude.tokens);
    assert.equal(await page.count('empty-state'), 0, 'the empty state is gone');
    await page.detach();
  });

  test('shows HTML in a session title as text and does not execute it', async () => {
    const data = createData(desktop);
    const title = '<img src=x onerror="document.title=\'taken\'"><script>document.title="taken"</script>';
    data.claude.session({ title }).answer();
    const monitor = await startMonitor(desktop, layout, data, { automated: true });
    const page = await monitor.openWithDriver();
    await waitForTodayTokens(page, data.claude.tokens);
    await openTab(page, 'sessions');
    await page.waitForTestId('session-row');
    assert.equal(await page.execute('return document.querySelectorAll("img, main script").length'), 0);
    assert.notEqual(await page.execute('return document.title'), 'taken');
    await page.detach();
  });
});

describe('the popover without a tray process', () => {
  test('shows the offline state when the tray process dies, and can start another', async () => {
    const data = createData(desktop);
    data.claude.session().answer();
    const monitor = await startMonitor(desktop, LAYOUTS[0], data, { automated: true });
    const page = await monitor.openWithDriver();
    await waitForTodayTokens(page, data.claude.tokens);
    sendSignal(monitor.pid, 'SIGKILL');
    await page.waitForSelector(OFFLINE);
    await page.click('[data-testid="start-button"]');
    await waitFor('another tray process', () => trayProcesses(desktop.folder).some(({ pid }) => pid !== monitor.pid));
    await waitFor('live figures', async () => (await page.textOf(OFFLINE)) === null);
    await page.detach();
  });

  test('opens on its own, launched by a driver', async () => {
    const data = createData(desktop);
    data.claude.session().answer();
    await startMonitor(desktop, LAYOUTS[0], data);
    const page = await launchWithDriver(desktop, programPath('token-monitor-app'), ['--popover=1200,15'], data.env);
    await waitForTodayTokens(page, data.claude.tokens);
    await page.detach();
  });
});
