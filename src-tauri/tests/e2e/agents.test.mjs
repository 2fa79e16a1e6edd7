// Agents at work: a process whose registry file goes from busy to waiting to idle and that is then killed, as seen in the
// icon, the tooltip, the menu, a notification and the command.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { desktop, describeLayouts } from './harness.mjs';
import { createData, startMonitor } from './monitor.mjs';
import { startNotifications } from './notifications.mjs';
import { waitFor, waitForChange } from './wait.mjs';

/** The time within which every surface follows a change. */
const FOLLOW_MS = 1_000;

/** The position of the start in `/proc/<pid>/stat`, counted behind the name in parentheses. */
const START_FIELD = 19;

let notifications;
const hooks = {
  before: async () => {
    notifications = await startNotifications(desktop);
  },
  afterEach: () => notifications.closeAll(),
};

describeLayouts('agents', (layout) => {
  test('icon, tooltip, menu and command follow an agent within a second', async () => {
    const { monitor, session } = await start(layout, '');
    const agent = new Agent(monitor.claude, session);
    try {
      const unmarked = await monitor.item.iconHash();
      await follow(monitor, agent, { status: 'busy' }, /Agents: 1 busy/);
      assert.equal(await monitor.item.iconHash(), unmarked, 'a busy agent is no reason to look');
      await follow(monitor, agent, { status: 'waiting', waitingFor: 'permission prompt' }, /Agents: 1 waits for you/);
      await waitForChange('the icon', unmarked, () => monitor.item.iconHash(), FOLLOW_MS);
      const lines = await monitor.item.menuItems();
      assert.ok(lines.some(({ label }) => label.includes('▲') && label.includes('waits for you')), JSON.stringify(lines));
      const [found] = (await monitor.runJson('status')).agents;
      assert.deepEqual([found.sessionId, found.status.state, found.status.waitingFor], [session.id, 'waiting', 'permission prompt']);
      assert.match(await monitor.run('sessions'), /▲ Fix the login flow \(waits for you\)/);
      await follow(monitor, agent, { status: 'idle' }, /Agents: 1 idle/);
      await agent.kill();
      await waitFor('no line about agents', async () => !(await monitor.item.tooltip()).includes('Agents'), FOLLOW_MS);
      assert.deepEqual((await monitor.runJson('status')).agents, []);
    } finally {
      await agent.kill();
    }
  });

  test('an agent that has waited for a minute sends one notification, if that is turned on', async () => {
    const { monitor, session } = await start(layout, 'alerts: { waiting: true, block: [] }');
    await monitor.run('alerts', 'pause', 'off');
    await monitor.runJson('status');
    const agent = new Agent(monitor.claude, session);
    try {
      agent.write({ status: 'waiting', waitingFor: 'input needed', statusUpdatedAt: Date.now() - 61_000 });
      const shown = await notifications.waitFor(/waits for you/);
      assert.match(shown.body, /input needed/);
      await monitor.runJson('status');
      assert.equal(notifications.shown().length, 1);
    } finally {
      await agent.kill();
    }
  });

  test('a print run and the file of an earlier process show nothing', async () => {
    const { monitor, session } = await start(layout, '');
    const [printRun, stale] = [new Agent(monitor.claude, session), new Agent(monitor.claude, session)];
    try {
      printRun.write({ status: 'busy', entrypoint: 'sdk-cli' });
      stale.write({ status: 'waiting', procStart: '1' });
      assert.deepEqual((await monitor.runJson('status')).agents, []);
      assert.ok(!(await monitor.item.tooltip()).includes('Agents'));
    } finally {
      await Promise.all([printRun.kill(), stale.kill()]);
    }
  });
}, hooks);

/** A process with a registry file that the test writes in place of Claude Code. */
class Agent {
  #process = spawn('sleep', ['1000'], { stdio: 'ignore' });
  #exited = once(this.#process, 'exit');

  constructor(claude, session) {
    const { pid } = this.#process;
    const folder = path.join(claude.folder, 'sessions');
    mkdirSync(folder, { recursive: true });
    this.file = path.join(folder, `${pid}.json`);
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const procStart = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[START_FIELD];
    this.fields = {
      pid,
      sessionId: session.id,
      cwd: session.project,
      startedAt: Date.now(),
      procStart,
      version: '2.1.332',
      kind: 'interactive',
      entrypoint: 'cli',
      name: 'orrery-c1',
      nameSource: 'derived',
    };
  }

  /** Writes the file with some fields changed. */
  write(fields) {
    this.fields = { ...this.fields, statusUpdatedAt: Date.now(), ...fields };
    writeFileSync(this.file, JSON.stringify(this.fields));
  }

  /** Kills the process. Its file stays, as that of Claude Code does. */
  async kill() {
    this.#process.kill('SIGKILL');
    await this.#exited;
  }
}

async function start(layout, settings) {
  const data = createData(desktop);
  writeFileSync(data.env.TOKEN_MONITOR_CONFIG, `${settings}\n`);
  const session = data.claude.session({ title: 'Fix the login flow' });
  session.answer();
  return { monitor: await startMonitor(desktop, layout, data), session };
}

/** Writes a state, and waits until the tooltip shows it. */
async function follow(monitor, agent, fields, pattern) {
  agent.write(fields);
  await waitFor(`${pattern} in the tooltip`, async () => pattern.test(await monitor.item.tooltip()), FOLLOW_MS);
}
