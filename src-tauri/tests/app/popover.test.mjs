// What a person sees in the popover, read and operated through WebDriver: the right figures, live, and nothing that
// pretends to be live when it is not.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { launchDriven } from './driver.mjs';
import { LAYOUTS, binary, newData, startMonitor } from './monitor.mjs';
import { residents, signal } from './processes.mjs';
import { desktop, inEachLayout } from './suite.mjs';
import { until } from './waiting.mjs';

const TODAY = '[data-testid="today-total"]';
const OFFLINE = '[data-testid="offline-banner"], [data-testid="offline-state"]';

inEachLayout('the popover', (layout) => {
  test('shows what the logs hold, and moves when a line is appended', async () => {
    const data = newData(desktop);
    const session = data.claude.session();
    session.answer();
    session.answer();
    const monitor = await startMonitor(desktop, layout, data, { driven: true });
    const page = await monitor.drivePopover();
    await untilToday(page, data.claude.tokens);
    session.answer();
    await untilToday(page, data.claude.tokens);
    await page.leave();
  });

  test('says that there is nothing where there is nothing', async () => {
    const data = newData(desktop);
    const monitor = await startMonitor(desktop, layout, data, { driven: true });
    const page = await monitor.drivePopover();
    await page.find('empty-state');
    data.claude.session().answer();
    await untilToday(page, data.claude.tokens);
    assert.equal(await page.count('empty-state'), 0, 'the first line ends the empty state');
    await page.leave();
  });

  test('shows a hostile title as text and runs none of it', async () => {
    const data = newData(desktop);
    const title = '<img src=x onerror="document.title=\'taken\'"><script>document.title="taken"</script>';
    data.claude.session({ title }).answer();
    const monitor = await startMonitor(desktop, layout, data, { driven: true });
    const page = await monitor.drivePopover();
    await untilToday(page, data.claude.tokens);
    await page.click('[data-testid="tab-sessions"]');
    await page.find('session-row');
    assert.equal(await page.run('return document.querySelectorAll("img, main script").length'), 0);
    assert.notEqual(await page.run('return document.title'), 'taken');
    await page.leave();
  });
});

describe('the popover without its resident', () => {
  test('says so when the resident dies, and starts another when asked to', async () => {
    const data = newData(desktop);
    data.claude.session().answer();
    const monitor = await startMonitor(desktop, LAYOUTS[0], data, { driven: true });
    const page = await monitor.drivePopover();
    await untilToday(page, data.claude.tokens);
    signal(monitor.pid, 'SIGKILL');
    await page.select(OFFLINE);
    await page.click('[data-testid="start-button"]');
    await until('another resident', () => residents(desktop.folder).some(({ pid }) => pid !== monitor.pid));
    await until('live figures', async () => (await page.peek(OFFLINE)) === null);
    await page.leave();
  });

  test('can be opened by a driver of its own', async () => {
    const data = newData(desktop);
    data.claude.session().answer();
    await startMonitor(desktop, LAYOUTS[0], data);
    const page = await launchDriven(desktop, binary('token-monitor-app'), ['--popover=1200,15'], data.env);
    await untilToday(page, data.claude.tokens);
    await page.leave();
  });
});

async function untilToday(page, tokens) {
  const shown = () => page.run('return document.querySelector(arguments[0])?.dataset.value', TODAY);
  await until(`today to be ${tokens}`, async () => Number(await shown()) === tokens);
}
