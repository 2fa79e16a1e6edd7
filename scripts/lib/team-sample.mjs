// Made-up members of a team with usage, sent to a hub as devices send theirs.

import { runHub } from './hub-process.mjs';
import { Failure } from './run.mjs';

/** The first member is the administrator. */
const MEMBERS = ['Ada', 'Grace', 'Alan', 'Barbara', 'Edsger', 'Katherine', 'Donald', 'Radia'];

const MODELS = ['claude-opus-4-5-20251101', 'claude-sonnet-4-5-20250929', 'claude-haiku-4-5-20251001'];

/** The repositories, each with the tag of its sessions. */
const REPOSITORIES = [
  ['acme/shop', 'billing'],
  ['acme/api', 'platform'],
  ['acme/mobile', 'growth'],
  ['acme/docs', ''],
];

/** The name and the description of every third session. */
const SESSION_TEXTS = ['Refunds', 'Refunds that arrive after the invoice was closed'];

/** Dollars for a million tokens of input, output, cache writes and cache reads, by model. */
const PRICES = [
  [5, 25, 6.25, 0.5],
  [3, 15, 3.75, 0.3],
  [1, 5, 1.25, 0.1],
];

const DAYS = 90;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The level that includes sessions with their tags. */
const LEVEL = 3;

const RULES = [
  { tag: 'billing', shares: [{ costCenter: 'Payments', percent: 100 }] },
  { repository: 'acme/api', shares: [{ costCenter: 'Platform', percent: 70 }, { costCenter: 'Research', percent: 30 }] },
  { member: 'Radia', shares: [{ costCenter: 'Research', percent: 100 }] },
];

/** Returns a generator of numbers from 0 to 1, the same at each start. */
function createRandom(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Adds the members, their usage until today, their limits, and rules of cost centers. Returns the administrator's token. */
export async function addSampleTeam(program, database, url, now = new Date()) {
  const random = createRandom(7);
  const tokens = MEMBERS.map((name, at) => runHub(program, database, 'member', 'add', name, ...(at === 0 ? ['--admin'] : [])));
  for (const [at, token] of tokens.entries()) await sendUsage(url, token, createRows(at, random, now));
  for (const [at, token] of tokens.slice(0, 4).entries()) await sendLimits(url, token, createLimits(at, now));
  for (const rule of RULES) await send(url, tokens[0], '/api/v1/rules', rule);
  return tokens[0];
}

function createRows(member, random, now) {
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  const rows = [];
  for (let back = DAYS - 1; back >= 0; back -= 1) {
    const start = new Date(today - back * DAY_MS);
    const isWeekend = start.getUTCDay() % 6 === 0;
    const count = random() < (isWeekend ? 0.2 : 0.9) ? 1 + Math.floor(random() * 3) : 0;
    for (let at = 0; at < count; at += 1) rows.push(createRow(rows.length + 1, member, start, random));
  }
  return rows;
}

function createRow(number, member, day, random) {
  const model = Math.floor(random() ** 2 * MODELS.length);
  const [repository, tag] = REPOSITORIES[(member + Math.floor(random() * 2)) % REPOSITORIES.length];
  const minutes = 5 * Math.floor((8 + 9 * random()) * 12);
  const scale = (0.3 + random()) * (1 + (member % 3));
  const [input, output, write, read] = [2_000, 30_000, 90_000, 1_500_000].map((most) => Math.round(most * scale));
  // A price of a dollar for a million tokens is 1,000 billionths of a dollar for one.
  const costs = [input, output, write, read].map((tokens, kind) => Math.round(tokens * PRICES[model][kind] * 1_000));
  return {
    row: number,
    revision: number,
    start: new Date(day.getTime() + minutes * 60_000).toISOString(),
    group: {
      model: MODELS[model],
      project: repository.split('/')[1],
      repository,
      branch: 'main',
      session: `session-${member}-${number}`,
      ...(number % 3 === 0 ? { sessionName: `${SESSION_TEXTS[0]} ${number}`, sessionDescription: SESSION_TEXTS[1] } : {}),
      ...(tag ? { tags: [tag] } : {}),
    },
    usage: {
      messages: 10 + Math.floor(random() * 60),
      inputTokens: input,
      outputTokens: output,
      cacheCreationTokens: write,
      cacheReadTokens: read,
      costNanos: costs.reduce((sum, cost) => sum + cost),
      inputCostNanos: costs[0],
      outputCostNanos: costs[1],
      cacheCreationCostNanos: costs[2],
      cacheReadCostNanos: costs[3],
    },
  };
}

/** Returns the five-hour and the weekly limit of a member. */
function createLimits(member, now) {
  const after = (minutes) => new Date(now.getTime() + minutes * 60_000).toISOString();
  return [
    { window: 'fiveHour', usedPercent: 20 + 24 * member, resetsAt: after(40 + 50 * member), readAt: after(-2) },
    { window: 'weekly', usedPercent: 60 - 11 * member, resetsAt: after(1_440 * (1 + member)), readAt: after(-2) },
  ];
}

function sendLimits(url, token, limits) {
  return send(url, token, '/api/v1/limits', { format: 1, limits }, 'PUT');
}

function sendUsage(url, token, rows) {
  return send(url, token, '/api/v1/usage', { format: 1, level: LEVEL, generation: 1, previousRevision: 0, rows });
}

/** Sends JSON with the part of the token that is sent, which is that before its last dot. */
async function send(url, token, path, body, method = 'POST') {
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token.slice(0, token.lastIndexOf('.'))}` };
  const response = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Failure(`${path}: ${await response.text()}`);
}
