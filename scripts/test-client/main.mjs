// The part of `npm run test:client` that runs in the namespace: `main.mjs FOLDER CLIENT MONITOR`. Runs the scenarios and
// prints one table. The exit code is 1 if anything differs.

import { Failure, main } from '../lib/run.mjs';
import { ClaudeCode } from './claude-code.mjs';
import { UNLOGGED_REASONS, compareClaims, compareScenario, sumCalls, sumTokens } from './compare.mjs';
import { MessagesApi } from './messages-api.mjs';
import { Monitor } from './monitor.mjs';
import { setUpNamespace } from './namespace.mjs';
import { SCENARIOS, SESSION_NAMES } from './scenarios.mjs';
import { printTable } from './table.mjs';
import { waitFor } from './wait.mjs';

/** Claude Code writes the lines of an answer up to three seconds after its end. */
const WRITE_TIMEOUT = 8000;
const WATCH_TIMEOUT = 5000;

await main(async () => {
  const [folder, program, monitorProgram] = process.argv.slice(2);
  if (!monitorProgram) throw new Failure('usage: main.mjs FOLDER CLIENT MONITOR');
  setUpNamespace(folder);
  const api = new MessagesApi();
  const client = new ClaudeCode(program, folder, await api.listen());
  const monitor = new Monitor(monitorProgram, folder, client.home, 'live');
  console.log(`${client.version()}, ${monitor.run('--version').trim()}\n`);
  monitor.startWatch();
  if (!(await waitFor(() => monitor.snapshots.length > 0, WATCH_TIMEOUT))) throw new Failure('token-monitor watch printed nothing.');
  const results = await runScenarios({ client, api, monitor });
  results.push(...checkAtEnd({ client, api, monitor }, new Monitor(monitorProgram, folder, client.home, 'fresh')));
  monitor.stopWatch();
  report(results);
  process.exit(results.every(({ differences }) => differences.length === 0) ? 0 : 1);
});

async function runScenarios(world) {
  const results = [];
  let before = world.monitor.counts();
  for (const scenario of SCENARIOS) {
    console.error(`  ${scenario.name}`);
    const result = await runScenario(world, scenario, before);
    results.push(result);
    before = result.after;
  }
  return results;
}

async function runScenario(world, scenario, before) {
  const { client, api, monitor } = world;
  api.scenario = scenario.name;
  const seenBefore = monitor.snapshots.length;
  const failures = [];
  try {
    await scenario.run(world);
  } catch (error) {
    failures.push(`the scenario stopped: ${error.message}`);
  }
  const isNew = ({ totals }) => Number(totals.messageCount) > before.totals.messages;
  const seenDuring = monitor.snapshots.slice(seenBefore).filter(isNew).length;
  const calls = api.billedCalls(scenario.name);
  const logged = await waitForLogs(client, calls);
  const waitedFrom = performance.now();
  const counted = await waitFor(() => liveCounts(monitor), WATCH_TIMEOUT);
  const delay = performance.now() - waitedFrom;
  const after = counted ?? monitor.counts();
  const result = compareScenario(scenario, calls, logged, before, after, nameOf);
  const differences = [...failures, ...result.differences, ...(scenario.check?.({ counts: after }) ?? [])];
  if (counted === null) differences.push(`watch still shows other totals than sessions after ${WATCH_TIMEOUT / 1000} s`);
  if (scenario.isLive && seenDuring === 0) differences.push('watch showed nothing while the client worked');
  return { ...result, name: scenario.name, after, differences, seenDuring, delay };
}

/** Waits until every whole answer is in the logs. Returns the ids of all logged messages. */
async function waitForLogs(client, calls) {
  const isWritten = (ids) => calls.filter((call) => call.purpose === 'answer').every((call) => ids.has(call.messageId));
  const ids = await waitFor(() => {
    const logged = client.loggedMessages();
    return isWritten(logged) && logged;
  }, WRITE_TIMEOUT, 200);
  return ids ?? client.loggedMessages();
}

/** Returns the counts if the latest snapshot of `watch` has the same totals, otherwise null. */
function liveCounts(monitor) {
  const counts = monitor.counts();
  const { messageCount, totalTokens } = monitor.snapshots.at(-1).totals;
  const { messages } = counts.totals;
  return Number(messageCount) === messages && Number(totalTokens) === sumTokens(counts.totals) ? counts : null;
}

/** Checks that need all scenarios: the claims about missing tokens, a fresh import, and the snapshots of `watch`. */
function checkAtEnd({ client, api, monitor }, fresh) {
  const calls = api.calls.filter((call) => call.ending !== 'refused');
  const after = monitor.counts();
  const imported = fresh.counts();
  const rows = [
    { name: 'reported as not in the logs', differences: compareClaims(calls, client.loggedMessages(), after, nameOf) },
    { name: 'a fresh import counts the same', differences: compareCounts(after, imported) },
    { name: 'watch prints no snapshot twice', differences: findRepeats(monitor.snapshots) },
  ];
  return rows.map((row) => ({ ...row, unlogged: [] }));
}

function compareCounts(live, imported) {
  const differences = [];
  for (const id of new Set([...live.sessions.keys(), ...imported.sessions.keys()])) {
    const [one, other] = [live, imported].map(({ sessions }) => sessions.get(id));
    const figures = (row) => row && JSON.stringify({ ...row, name: null });
    if (figures(one) === figures(other)) continue;
    differences.push(`session ${nameOf(id)}: ${figures(one)} live, ${figures(other)} after a fresh import`);
  }
  return differences;
}

function findRepeats(snapshots) {
  const texts = snapshots.map(({ line }) => JSON.stringify({ ...JSON.parse(line), at: null }));
  const repeats = texts.filter((text, index) => text === texts[index - 1]).length;
  return repeats > 0 ? [`${repeats} of ${texts.length} snapshots repeat the one before`] : [];
}

function nameOf(id) {
  return SESSION_NAMES.has(id) ? `${id.slice(0, 8)} (${SESSION_NAMES.get(id)})` : String(id).slice(0, 8);
}

function report(results) {
  const scenarios = results.filter(({ billed }) => billed);
  const sum = (key, of) => scenarios.reduce((total, result) => total + of(result[key]), 0);
  const messages = (row) => row.messages;
  const figures = ({ billed, counted }) => [messages(billed), messages(counted), sumTokens(billed), sumTokens(counted)];
  printTable(
    ['scenario', 'calls billed', 'calls counted', 'tokens billed', 'tokens counted', 'verdict'],
    [
      ...results.map((result) => [result.name, ...(result.billed ? figures(result) : ['', '', '', '']), verdict(result)]),
      ['all', sum('billed', messages), sum('counted', messages), sum('billed', sumTokens), sum('counted', sumTokens), ''],
    ],
  );
  reportUnlogged(results);
  const shown = scenarios.reduce((total, { seenDuring }) => total + seenDuring, 0);
  const delay = Math.max(...scenarios.map((result) => result.delay)) / 1000;
  console.log(`\nwatch printed ${shown} snapshots with new calls while the client worked.`);
  console.log(`It agreed with sessions at most ${delay.toFixed(1)} s after the last line was found.`);
  const differing = results.filter(({ differences }) => differences.length > 0);
  for (const { name, differences } of differing) {
    console.log(`\n✖ ${name}`);
    for (const difference of differences) console.log(`  ${difference}`);
  }
  console.log(differing.length === 0 ? '\nAll that was billed is counted, or listed as unlogged.' : `\n${differing.length} of ${results.length} rows differ.`);
}

function verdict({ differences, unlogged }) {
  if (differences.length > 0) return 'DIFFERS';
  return unlogged.length > 0 ? `same, ${unlogged.length} unlogged` : 'same';
}

/** Lists the calls that were billed and never logged, by their documented reason. */
function reportUnlogged(results) {
  const all = results.flatMap(({ unlogged }) => unlogged);
  if (all.length === 0) return;
  console.log('\nBilled, but never logged by Claude Code:');
  for (const [reason, text] of Object.entries(UNLOGGED_REASONS)) {
    const calls = all.filter((entry) => entry.reason === reason).map(({ call }) => call);
    if (calls.length === 0) continue;
    const tokens = sumTokens(sumCalls(calls)).toLocaleString('en-US');
    console.log(`  ${calls.length} ${calls.length === 1 ? 'call' : 'calls'}, ${tokens} tokens: ${text}`);
  }
}
