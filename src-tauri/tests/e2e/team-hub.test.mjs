// The dashboard of a team on the real hub, with a real PostgreSQL server and a real browser. It is skipped where PostgreSQL is not
// installed.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';

import axe from 'axe-core';
import { chromium } from 'playwright-core';

import { runHub, startHub } from '../../../scripts/lib/hub-process.mjs';
import { findPostgres, startPostgres } from '../../../scripts/lib/postgres.mjs';
import { addSampleTeam } from '../../../scripts/lib/team-sample.mjs';
import { programPath } from './monitor.mjs';
import { waitFor } from './wait.mjs';

const PROGRAM = programPath('token-monitor-hub');

/** Executables in order of preference. */
const BROWSERS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/google-chrome'];

const TABS = ['overview', 'sessions', 'members', 'costCenters'];

describe('the dashboard of a team', { skip: findPostgres() === undefined && 'PostgreSQL is not installed' }, () => {
  let browser, postgres, hub, token;

  before(async () => {
    const executablePath = process.env.CHROMIUM ?? BROWSERS.find(existsSync);
    assert.ok(executablePath, 'a browser is installed: npm test installs one');
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
    postgres = await startPostgres({ fsync: 'off' });
    hub = await startHub(PROGRAM, postgres.url);
    token = await addSampleTeam(PROGRAM, postgres.url, hub.url);
  });

  after(async () => {
    await browser?.close();
    await hub?.stop();
    await postgres?.stop();
  });

  test('signs in, shows the totals of the database, and changes a rule', async () => {
    const { page, problems } = await openPage(hub.url);
    await page.getByLabel('Token').fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByTestId('choose-range').getByText('All').click();
    const total = JSON.parse(runHub(PROGRAM, postgres.url, 'report', '--json')).totals.totalTokens;
    const shown = () => page.getByTestId('history-readout').locator('.headline__figure').first().getAttribute('title');
    await waitFor('the total of all members', async () => (await shown()) === `${total.toLocaleString('en-US')} tokens`);
    assert.equal(await page.getByTestId('history-part').count(), 8, 'a part for each member');

    await page.click('#tab-members');
    await page.getByTestId('device').first().waitFor();
    assert.equal(await page.getByTestId('device').count(), 8);
    assert.equal(await page.getByTestId('limit').count(), 8, 'two limits of four members');
    assert.match(await page.getByTestId('limit').first().textContent(), /near the limit92% used/);

    await page.click('#tab-sessions');
    await page.getByTestId('team-session').first().waitFor();
    const week = new Date(Date.now() - 6 * 86_400_000).toISOString().slice(0, 10);
    const sessions = JSON.parse(runHub(PROGRAM, postgres.url, 'report', '--by', 'member,session', '--since', week, '--json')).rows.length;
    assert.equal(await page.getByTestId('team-session').count(), sessions);

    await page.click('#tab-costCenters');
    await page.getByTestId('rule').first().waitFor();
    await page.getByTestId('add-rule').click();
    await page.getByTestId('share-name').fill('Everything else');
    await page.getByTestId('share-percent').fill('60');
    await page.getByTestId('save-rule').click();
    await page.getByTestId('rule-error').filter({ hasText: 'The shares add up to 60%' }).waitFor();
    await page.getByTestId('share-percent').fill('100');
    await page.getByTestId('save-rule').click();
    await page.getByTestId('rules-note').filter({ hasText: 'Rule saved.' }).waitFor();
    const allocated = JSON.parse(runHub(PROGRAM, postgres.url, 'allocate', '--json'));
    assert.ok(allocated.rows.every((row) => row.costCenter !== null), 'nothing is unallocated');
    assert.equal(sumOf(allocated.rows, 'totalTokens'), total);
    assert.equal(sumOf(allocated.rows, 'costNanos'), allocated.totals.costNanos);

    await page.getByTestId('choose-range').getByText('All').click();
    await waitFor('the address of all days', async () => !(await page.getByTestId('export-csv').getAttribute('href')).includes('since'));
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export-csv').click()]);
    assert.equal(download.suggestedFilename(), 'allocation.csv');
    const csv = runHub(PROGRAM, postgres.url, 'allocate', '--csv', '--by', 'day,model');
    assert.equal(readFileSync(await download.path(), 'utf8').trimEnd(), csv);
    const [report] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export-pdf').first().click()]);
    const month = new Date().toISOString().slice(0, 7);
    assert.equal(report.suggestedFilename(), `allocation-${month}.pdf`);
    assert.match(readPdf(await report.path()), /Everything else/);

    for (const tab of TABS) assert.deepEqual(await findAccessibilityProblems(page, tab), [], tab);
    assert.deepEqual(problems, [], 'nothing was blocked and nothing failed');
    await page.getByTestId('sign-out').click();
    await page.waitForURL(`${hub.url}/sign-in`);
  });

  test('a member reads the rules and cannot change them', async () => {
    const member = runHub(PROGRAM, postgres.url, 'member', 'add', 'Grace', '--device', 'browser');
    const { page } = await openPage(hub.url);
    await page.getByLabel('Token').fill(member);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.click('#tab-costCenters');
    await page.getByTestId('rule').first().waitFor();
    await page.getByText('Only administrators change rules.').waitFor();
    assert.equal(await page.getByTestId('add-rule').count() + (await page.getByTestId('remove-rule').count()), 0);
  });

  async function openPage(url) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    const problems = [];
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(String(error)));
    await page.goto(url);
    await page.waitForURL(`${url}/sign-in`);
    return { page, problems };
  }
});

/** Returns the text of a PDF. */
function readPdf(file) {
  const { status, stdout } = spawnSync('pdftotext', [file, '-'], { encoding: 'utf8' });
  assert.equal(status, 0, 'pdftotext reads the file');
  return stdout;
}

function sumOf(rows, field) {
  return rows.reduce((sum, row) => sum + row[field], 0);
}

async function findAccessibilityProblems(page, tab) {
  await page.click(`#tab-${tab}`);
  await page.locator('[role=tabpanel]:visible .card').first().waitFor();
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`));
}
