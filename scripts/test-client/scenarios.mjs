// The scenarios, in the order in which they run. Later ones continue the sessions of earlier ones.
//
// `run` is given the client, the API and token-monitor. `check` returns further differences as texts. `isLive`: `watch`
// has to show calls before the client has ended. `isKilled` and `isUnsaved` explain calls without a log line.

import { waitFor } from './wait.mjs';

const TURN_TIMEOUT = 60_000;
const STATE_TIMEOUT = 30_000;

const PARENT = '7c1f0a52-7d5e-4b0e-9a44-0c6a1d2b7e10';
const LOWER_FORK = '0a6e2f31-1c44-4c59-8f0e-52d7b9a3c611';
const HIGHER_FORK = 'f2b94d07-8e1a-4f36-b7c5-91e0d4a86f22';
const TOOLS = '3b8d5c19-64fa-4e27-a1d3-7f92c0b54e33';
const AGENTS = '4d1e7a68-02bc-4b95-9e6f-a83c5d17f044';
const BROKEN = '5e9c3b74-d810-4a6d-8c2b-16f4e7a09d55';
const KILLED = '6fa0d8e2-3b57-4d1c-b409-c28e51f73a66';
const COMPACTED = '8a47e1c5-f926-4038-95da-e30b6c82d177';
const COMPACTED_FORK = '1b58f2d6-0a37-4149-86eb-f41c7d93e288';
const UNSAVED = '9c69a3e7-1b48-425a-97fc-052d8ea4f399';
const PARENT_NAME = 'Harbor notes';

export const SESSION_NAMES = new Map([
  [PARENT, 'parent'],
  [LOWER_FORK, 'fork with the smaller id'],
  [HIGHER_FORK, 'fork with the larger id'],
  [COMPACTED, 'compacted session'],
  [COMPACTED_FORK, 'fork of the compacted session'],
]);

export const SCENARIOS = [
  {
    name: 'print mode',
    run: ({ client }) => client.print('hello', '--session-id', PARENT),
  },
  {
    name: 'print mode, --continue and --resume',
    async run({ client }) {
      await client.print('and again', '--continue');
      await client.print('once more play:tools', '--resume', PARENT);
    },
  },
  {
    name: 'fork (--fork-session), smaller id',
    async run({ client, monitor }) {
      monitor.run('rename', PARENT, PARENT_NAME);
      await client.print('in the fork', '--resume', PARENT, '--fork-session', '--session-id', LOWER_FORK);
    },
    check: ({ counts }) => checkName(counts),
  },
  {
    name: 'fork (--fork-session), larger id',
    run: ({ client }) => client.print('in the other fork play:tools', '--resume', PARENT, '--fork-session', '--session-id', HIGHER_FORK),
    check: ({ counts }) => checkName(counts),
  },
  {
    name: 'tools',
    isLive: true,
    run: ({ client }) => client.print('please work play:slowTools', '--session-id', TOOLS),
  },
  {
    name: 'other models',
    async run({ client }) {
      await client.print('with another model', '--resume', TOOLS, '--model', 'sonnet');
      await client.print('and another', '--resume', TOOLS, '--model', 'haiku');
    },
  },
  {
    name: 'subagents, two at a time',
    run: ({ client }) => client.print('please count play:agents', '--session-id', AGENTS),
  },
  {
    name: 'refused twice, then answered',
    run: ({ client }) => client.print('please play:refused', '--resume', AGENTS),
  },
  {
    name: 'answers cut by the connection',
    async run({ client }) {
      await client.print('please play:dropped', '--session-id', BROKEN);
      await client.print('please play:failed', '--resume', BROKEN);
    },
  },
  {
    name: 'kill -9 during an answer',
    isKilled: true,
    async run({ client, api }) {
      const run = client.startPrint('please play:killed', '--session-id', KILLED);
      await waitForPieces(api, 'killed', 2, 10);
      run.kill();
      await run.ended;
    },
  },
  {
    name: 'resumed after the kill',
    run: ({ client }) => client.print('go on', '--resume', KILLED),
  },
  {
    name: 'compaction (print mode)',
    async run({ client }) {
      await client.print('please work play:tools', '--session-id', COMPACTED);
      await client.print('/compact', '--resume', COMPACTED);
      await client.print('after the compaction', '--resume', COMPACTED);
    },
  },
  {
    name: 'fork of a compacted session',
    run: ({ client }) => client.print('in a fork', '--resume', COMPACTED, '--fork-session', '--session-id', COMPACTED_FORK),
  },
  {
    name: '--no-session-persistence',
    isUnsaved: true,
    run: ({ client }) => client.print('leave no trace', '--no-session-persistence', '--session-id', UNSAVED),
  },
  {
    name: 'interactive, tools',
    isLive: true,
    async run(world) {
      world.screen = await world.client.openScreen();
      await takeTurn(world, 'please work play:slowTools', 3);
      await takeTurn(world, 'thank you', 1);
    },
  },
  {
    name: 'interactive, Escape during an answer',
    async run(world) {
      const { screen, api } = world;
      await screen.submit('a long story play:slow');
      await waitForPieces(api, 'slow', 1, 10);
      screen.press('Escape');
      await screen.waitForText(/interrupted/i);
      await waitForRest(api);
    },
  },
  {
    name: 'interactive, /compact',
    async run(world) {
      await takeTurn(world, '/compact', 1);
      await world.screen.waitForText(/compacted/i);
      await takeTurn(world, 'after the compaction', 1);
    },
  },
  {
    name: 'interactive, /branch',
    async run(world) {
      await world.screen.submit('/branch');
      await world.screen.waitForText(/branched|forked|created/i);
      await takeTurn(world, 'in the branch play:tools', 4);
    },
  },
  {
    name: 'interactive, /fork',
    async run(world) {
      await world.screen.submit('/fork work in the background play:tools');
      await waitForBackground(world.api);
      await world.screen.close();
      world.client.stopBackground();
    },
  },
  {
    name: 'background session (--bg)',
    async run({ client, api }) {
      client.startBackground('background work play:tools');
      await waitForBackground(api);
      client.stopBackground();
    },
  },
];

/** Submits a prompt on the screen and waits for its calls. */
async function takeTurn({ screen, api }, prompt, calls) {
  const before = api.calls.length;
  await screen.submit(prompt);
  const enough = await waitFor(() => api.calls.length >= before + calls && !api.isBusy, TURN_TIMEOUT);
  if (!enough) throw new Error(`"${prompt}" made ${api.calls.length - before} of ${calls} calls: ${describeCalls(api)}\n${screen.text()}`);
  await waitForRest(api);
}

/** Waits until a background session has answered and its state has been asked for. */
async function waitForBackground(api) {
  const isDone = () => billed(api, 'tools').length >= 4 && !api.isBusy;
  const hasState = () => api.billedCalls(api.scenario).some(({ purpose }) => purpose === 'state');
  if (!(await waitFor(isDone, TURN_TIMEOUT))) throw new Error(`the background session did not work: ${describeCalls(api)}`);
  await waitFor(hasState, STATE_TIMEOUT);
  await waitForRest(api);
}

/** Waits until no call has begun or ended for two seconds. */
async function waitForRest(api) {
  let last = performance.now();
  const touch = () => (last = performance.now());
  api.on('call', touch).on('end', touch);
  await waitFor(() => !api.isBusy && performance.now() - last > 2000, TURN_TIMEOUT);
  api.off('call', touch).off('end', touch);
}

/** Waits until the n-th answer of a scripted reply has sent some pieces. */
async function waitForPieces(api, reply, nth, pieces) {
  let sent = 0;
  const count = (call) => {
    if (billed(api, reply)[nth - 1] === call) sent += 1;
  };
  api.on('piece', count);
  const enough = await waitFor(() => sent >= pieces, TURN_TIMEOUT, 20);
  api.off('piece', count);
  if (!enough) throw new Error(`answer ${nth} of "${reply}" did not begin`);
}

function describeCalls(api) {
  const describe = ({ number, purpose, reply, ending }) => `call ${number} (${purpose}, ${reply}, ${ending})`;
  return api.calls.filter((call) => call.scenario === api.scenario).map(describe).join(', ') || 'no call was made';
}

function billed(api, reply) {
  return api.billedCalls(api.scenario).filter((call) => call.reply === reply);
}

function checkName(counts) {
  return counts.sessions.get(PARENT)?.name === PARENT_NAME ? [] : ['the parent has lost the name that its user gave it'];
}
