// Measures the hub of a team: `npm run bench:hub [-- --members N --days N --rounds N]`. By default, 285 members and 365 days are ten
// million buckets: 96 a day for each member, of two models in two repositories. One of ten members shares four sessions a day.
//
// Builds the hub, starts a throw-away PostgreSQL server, fills it, and measures the rows received a second, the time of the requests
// of the dashboard, the memory of the hub, and the sizes of the tables. --postgres NAME=VALUE changes a setting of the server.

import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

import { runHub, startHub } from './lib/hub-process.mjs';
import { startPostgres } from './lib/postgres.mjs';
import { ROOT, main, run } from './lib/run.mjs';

const PROGRAM = path.join(process.env.CARGO_TARGET_DIR ?? path.join(ROOT, 'target'), 'release/token-monitor-hub');

/** The devices that send at the same time, the updates of each, and the rows of an update. */
const [SENDERS, UPDATES, ROWS] = [8, 50, 1_000];

/** The updates of each device as it sends one a minute, and their rows. */
const [SMALL_UPDATES, SMALL_ROWS] = [250, 3];

/** Returns the UTC day a number of days before today, which is the last day with usage. */
const daysAgo = (count) => new Date(Date.now() - count * 86_400_000).toISOString().slice(0, 10);

const LAST_DAY = daysAgo(0);

const POLL_INTERVAL_MS = 100;

/** The requests of the dashboard, then reports of the command. */
const REQUESTS = [
  `history?by=member&since=${daysAgo(6)}`,
  ...['member', 'model', 'repository', 'costCenter'].map((part) => `history?by=${part}&since=${daysAgo(29)}`),
  ...['member', 'model', 'costCenter'].map((part) => `history?by=${part}&since=${daysAgo(89)}`),
  ...['member', 'model', 'repository', 'costCenter'].map((part) => `history?by=${part}&since=${daysAgo(364)}`),
  'devices',
  'limits',
  'sessions',
  'rules',
  'budgets',
  `report?by=member&since=${daysAgo(29)}`,
  `report?by=member,model,day&since=${daysAgo(29)}`,
  'report?by=month',
  'report?by=member',
].map((request) => `/api/v1/${request.replace(/^history\S+/, `$&&until=${LAST_DAY}`)}`);

const FILL = `
  INSERT INTO members (organization, id, name, created_at)
    SELECT o.id, gen_random_uuid(), 'member' || n, now() FROM organizations o, generate_series(1, $MEMBERS) n;
  INSERT INTO devices (organization, id, member, name, secret_hash, level, created_at)
    SELECT organization, gen_random_uuid(), id, 'desk', '', CASE WHEN name LIKE '%0' THEN 3 ELSE 2 END, now()
    FROM members WHERE name LIKE 'member%';
  INSERT INTO device_limits
    SELECT organization, id, 1, 'fiveHour', '', 40, now() + interval '3 hours', now(), now() FROM devices WHERE secret_hash = '';
  INSERT INTO usage_buckets
    SELECT d.organization, d.id, t, slot, slot, day::date, 'model' || slot % 2, 'project' || slot / 48, 'repository' || slot / 48,
      'main', CASE d.level WHEN 3 THEN 'session' || day::date || '-' || slot / 24 ELSE '' END, '', '',
      3, 100, 2000, 30000, 0, 400000, 0, 0, 5000000, 1000000, 2000000, 1500000, 500000, 0, 0
    FROM devices d,
      generate_series(timestamptz '$LAST 00:00Z' - interval '1 day' * ($DAYS - 1), timestamptz '$LAST 00:00Z', '1 day') day,
      generate_series(0, 95) slot, LATERAL (SELECT day + interval '8 hours' + slot * interval '5 minutes') AS at (t)
    WHERE d.secret_hash = '';
  INSERT INTO usage_days
    SELECT organization, day, device, row_number() OVER (PARTITION BY organization, day, device), model, project, repository, branch,
      session, '', '', sum(messages), sum(input_tokens), sum(output_tokens), sum(cache_creation_tokens), sum(cache_creation_1h_tokens),
      sum(cache_read_tokens), 0, 0, sum(cost_nanos), sum(input_cost_nanos), sum(output_cost_nanos), sum(cache_creation_cost_nanos),
      sum(cache_read_cost_nanos), 0, 0
    FROM usage_buckets WHERE device IN (SELECT id FROM devices WHERE secret_hash = '')
    GROUP BY organization, day, device, model, project, repository, branch, session;
  INSERT INTO usage_device_days
    SELECT organization, day, device, sum(messages), sum(input_tokens), sum(output_tokens), sum(cache_creation_tokens),
      sum(cache_creation_1h_tokens), sum(cache_read_tokens), 0, 0, sum(cost_nanos), sum(input_cost_nanos), sum(output_cost_nanos),
      sum(cache_creation_cost_nanos), sum(cache_read_cost_nanos), 0, 0
    FROM usage_days WHERE device IN (SELECT id FROM devices WHERE secret_hash = '')
    GROUP BY organization, day, device;
  INSERT INTO changed_days
    SELECT organization, day, device, now() FROM usage_device_days
    ON CONFLICT (organization, day, device) DO NOTHING;
  VACUUM ANALYZE`;

await main(async () => {
  const { values } = parseArgs({
    options: {
      members: { type: 'string', default: '285' },
      days: { type: 'string', default: '365' },
      rounds: { type: 'string', default: '20' },
      postgres: { type: 'string', multiple: true, default: [] },
    },
  });
  run('cargo', 'build', '--release', '--locked', '--package', 'token-monitor-hub');
  const settings = Object.fromEntries(values.postgres.map((setting) => setting.split('=')));
  const postgres = await startPostgres(settings);
  let hub;
  try {
    hub = await startHub(PROGRAM, postgres.url);
    console.log(`${os.cpus().length} cores (${os.cpus()[0].model}), load ${os.loadavg()[0].toFixed(1)}, ${postgres.query('SHOW server_version')}`);
    const tokens = Array.from({ length: SENDERS }, (_, at) => runHub(PROGRAM, postgres.url, 'member', 'add', `sender${at}`, '--admin'));
    await measureIntake(hub, tokens);
    await addRules(hub, tokens[0]);
    for (const costCenter of [[], ['--cost-center', 'a']]) {
      runHub(PROGRAM, postgres.url, 'budget', 'add', '1000000000', '--webhook', 'http://127.0.0.1:9/', ...costCenter);
    }
    fill(postgres, Number(values.members), Number(values.days));
    // The hub has closed the connections that were idle meanwhile.
    await fetch(`${hub.url}/health`).catch(() => undefined);
    await waitForRollups(postgres);
    await measureRequests(hub, tokens[0], Number(values.rounds));
    await measureSmallUpdates(hub, tokens);
    console.log(`memory of the hub, at most: ${residentMemory(hub.child.pid)}`);
  } finally {
    await hub?.stop();
    await postgres.stop();
  }
});

async function measureIntake(hub, tokens) {
  const bodies = Array.from({ length: UPDATES }, (_, at) => gzipSync(JSON.stringify(createUpdate(at))));
  const start = performance.now();
  await Promise.all(tokens.map(async (token) => {
    for (const body of bodies) await post(hub, token, '/api/v1/usage', body, { 'Content-Encoding': 'gzip' });
  }));
  const seconds = (performance.now() - start) / 1000;
  const rows = SENDERS * UPDATES * ROWS;
  console.log(`received ${rows} rows of ${SENDERS} devices in ${seconds.toFixed(1)} s: ${Math.round(rows / seconds)} rows a second`);
  console.log(`memory of the hub after it: ${residentMemory(hub.child.pid)}`);
}

/** Measures updates of a few rows, on the filled database. */
async function measureSmallUpdates(hub, tokens) {
  const template = createUpdate(0);
  const start = performance.now();
  await Promise.all(tokens.map(async (token) => {
    for (let number = 0; number < SMALL_UPDATES; number += 1) {
      const first = (UPDATES * ROWS) + number * SMALL_ROWS;
      const rows = template.rows.slice(0, SMALL_ROWS).map((row, index) => ({ ...row, row: first + index + 1, revision: first + index + 1 }));
      await post(hub, token, '/api/v1/usage', JSON.stringify({ ...template, rows, previousRevision: first }));
    }
  }));
  const seconds = (performance.now() - start) / 1000;
  const count = SENDERS * SMALL_UPDATES;
  console.log(`received ${count} updates of ${SMALL_ROWS} rows in ${seconds.toFixed(1)} s: ${Math.round(count / seconds)} updates a second`);
}

/** Returns an update with rows of the last twelve months, so that their partitions are there before the table is filled. */
function createUpdate(number) {
  const [year, month] = LAST_DAY.split('-').map(Number);
  const rows = Array.from({ length: ROWS }, (_, index) => {
    const at = number * ROWS + index;
    return {
      row: at + 1,
      revision: at + 1,
      start: new Date(Date.UTC(year, month - 1 - (index % 12), 1 + (number % 28)) + Math.floor(index / 48) * 300_000).toISOString(),
      group: { model: 'claude-opus-4-5', project: `p${at % 3}`, repository: `r${at % 3}`, branch: 'main' },
      usage: { messages: 1, outputTokens: at, costNanos: at * 25_000, outputCostNanos: at * 25_000 },
    };
  });
  return { format: 1, level: 2, generation: 1, previousRevision: number * ROWS, rows };
}

function fill(postgres, members, days) {
  const start = performance.now();
  const sql = FILL.replaceAll('$MEMBERS', members).replaceAll('$DAYS', days).replaceAll('$LAST', LAST_DAY);
  for (const statement of sql.split(';')) postgres.query(statement);
  console.log(`filled in ${((performance.now() - start) / 1000).toFixed(0)} s`);
  for (const table of ['usage_buckets', 'usage_days', 'usage_device_days']) {
    // Partitions have names that begin with that of their table.
    const size = `SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relname LIKE '${table}%'`;
    const [rows, bytes] = [`SELECT count(*) FROM ${table}`, size].map((sql) => Number(postgres.query(sql)));
    console.log(`${table}: ${rows} rows, ${(bytes / 1e6).toFixed(0)} MB, ${Math.round(bytes / rows)} bytes a row with indexes`);
  }
}

/** Waits until the hub has computed the sums of all days before today. */
async function waitForRollups(postgres) {
  const start = performance.now();
  const changed = 'SELECT count(DISTINCT day) FROM changed_days WHERE day < current_date';
  while (postgres.query(changed) !== '0') await sleep(POLL_INTERVAL_MS);
  const rows = postgres.query('SELECT count(*) FROM usage_project_days');
  console.log(`the hub had computed ${rows} sums over all devices after ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

async function addRules(hub, token) {
  const shares = [{ costCenter: 'a', percent: 70 }, { costCenter: 'b', percent: 30 }];
  for (const rule of [{ repository: 'repository0', shares }, { member: 'member1*', shares, from: daysAgo(21) }]) {
    await post(hub, token, '/api/v1/rules', JSON.stringify(rule));
  }
}

async function measureRequests(hub, token, rounds) {
  for (const request of REQUESTS) {
    const times = [];
    for (let round = 0; round < rounds; round += 1) {
      const start = performance.now();
      const response = await fetch(hub.url + request, { headers: authorization(token) });
      if (!response.ok) throw new Error(`${request}: ${await response.text()}`);
      await response.arrayBuffer();
      times.push(performance.now() - start);
    }
    times.sort((one, other) => one - other);
    const quantile = (share) => times[Math.min(times.length - 1, Math.ceil(times.length * share) - 1)].toFixed(0);
    console.log(`${request}: median ${quantile(0.5)} ms, p95 ${quantile(0.95)} ms`);
  }
}

async function post(hub, token, request, body, headers = {}) {
  const all = { 'Content-Type': 'application/json', ...authorization(token), ...headers };
  const response = await fetch(hub.url + request, { method: 'POST', headers: all, body });
  if (!response.ok) throw new Error(`${request}: ${await response.text()}`);
  await response.arrayBuffer();
}

/** Returns the header with the part of the token that is sent. */
function authorization(token) {
  return { Authorization: `Bearer ${token.slice(0, token.lastIndexOf('.'))}` };
}

/** Returns the largest resident memory of a process so far. */
function residentMemory(pid) {
  return /VmHWM:\s+(.*)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 'unknown';
}
