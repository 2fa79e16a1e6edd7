// The command for Windows: that it counts a log, follows one that grows, and asks the process that owns the store over the
// named pipe.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { waitFor } from '../e2e/wait.mjs';
import { createWindowsData, readJson, startCommand } from './programs.mjs';

/** Longer than a start of Wine, which takes up to a second on a machine under load. */
const START_TIMEOUT_MS = 60_000;

let data;
let running = [];

beforeEach(() => {
  data = createWindowsData();
});

afterEach(async () => {
  await Promise.all(running.map((program) => program.kill()));
  running = [];
  data.remove();
});

/** Starts `watch` and waits until it has counted what was written. */
async function startWatch() {
  const watch = startCommand(data, 'watch', '--json');
  running.push(watch);
  await waitForTotal(watch);
  return watch;
}

/** Waits for a snapshot with as many tokens as were written. */
function waitForTotal(watch) {
  const hasTotal = () => watch.lines.some((line) => JSON.parse(line).totals.totalTokens === data.claude.tokens);
  return waitFor(`a snapshot with ${data.claude.tokens} tokens`, hasTotal, START_TIMEOUT_MS);
}

test('every token in a log is counted once', async () => {
  const session = data.claude.session({ title: 'Größe & Maß' });
  session.answer();
  session.answer();
  const { totals } = await readJson(data, 'status');
  assert.equal(totals.totalTokens, data.claude.tokens);
  assert.equal(totals.messageCount, 2);
  const { sessions } = await readJson(data, 'sessions');
  assert.deepEqual(sessions.map(({ displayName, totalTokens }) => [displayName, totalTokens]), [['Größe & Maß', data.claude.tokens]]);
  assert.equal((await readJson(data, 'status')).totals.totalTokens, data.claude.tokens, 'nothing is counted again');
});

test('a watch follows a log that grows and a project that is new', async () => {
  data.claude.session().answer();
  const watch = await startWatch();
  data.claude.session().answer();
  await waitForTotal(watch);
  data.claude.session({ project: '/home/ada/projects/a-new-one' }).answer();
  await waitForTotal(watch);
});

test('a command asks the watch that owns the store, over the pipe', async () => {
  data.claude.session().answer();
  await startWatch();
  assert.equal((await readJson(data, 'doctor')).answeredBy, 'running app');
  data.claude.session().answer();
  assert.equal((await readJson(data, 'status')).totals.totalTokens, data.claude.tokens);
});

test('eight commands at the same time are all answered by the watch', async () => {
  data.claude.session().answer();
  await startWatch();
  const answers = await Promise.all(Array.from({ length: 8 }, () => readJson(data, 'doctor')));
  assert.deepEqual(answers.map(({ answeredBy }) => answeredBy), Array(8).fill('running app'));
});

test('a watch that is killed loses nothing, and the next one takes over', async () => {
  data.claude.session().answer();
  const first = await startWatch();
  const second = await startWatch();
  await first.kill();
  data.claude.session().answer();
  await waitForTotal(second);
  assert.equal((await readJson(data, 'doctor')).answeredBy, 'running app');
});
