// Compares the calls that were billed with the sums of token-monitor.
//
// A call is expected in the sums if the client wrote its message id to a log, whole or in part. A call without a log line
// is a difference, unless its reason is in `UNLOGGED_REASONS`. Sums are compared as increases since the scenario before,
// so a message that moves from one session to another is a difference of both.

/** The documented reasons for calls that Claude Code bills but never logs. */
export const UNLOGGED_REASONS = {
  compaction: 'a compaction, for which no line is written',
  label: 'the label of a background session',
  state: 'the state of a background session',
  killed: 'killed during the answer; lines are written after its end',
  repeated: 'the stream broke before the client had used it, and the call was repeated',
  unsaved: '--no-session-persistence, which writes no log',
};

const KINDS = ['input', 'output', 'cacheWrite', 'cacheRead'];
const CUT_ENDINGS = new Set(['drop', 'error', 'closed']);
const EMPTY = { input: 0, output: 0, cacheWrite: 0, cacheRead: 0, messages: 0, underLogged: 0, notInLogs: null };

/** Returns the usage of a call as the four kinds of token. */
function tokensOf({ usage }) {
  return {
    input: usage.input_tokens,
    output: usage.output_tokens,
    cacheWrite: usage.cache_creation_input_tokens,
    cacheRead: usage.cache_read_input_tokens,
  };
}

export function sumTokens(row) {
  return KINDS.reduce((sum, kind) => sum + row[kind], 0);
}

/** Returns the documented reason for which a call is not in the logs, or null. */
function unloggedReason(call, scenario) {
  if (scenario.isUnsaved) return 'unsaved';
  if (call.purpose in UNLOGGED_REASONS) return call.purpose;
  if (call.ending === 'drop' || call.ending === 'error') return 'repeated';
  return scenario.isKilled && call.ending === 'closed' ? 'killed' : null;
}

/** Compares one scenario. Returns the figures of its row and all differences as texts. */
export function compareScenario(scenario, calls, logged, before, after, nameOf) {
  const differences = calls.length === 0 ? ['no call was billed'] : [];
  const inLogs = calls.filter((call) => logged.has(call.messageId));
  const others = calls.filter((call) => !logged.has(call.messageId));
  const unlogged = others.map((call) => ({ call, reason: unloggedReason(call, scenario) }));
  for (const { call } of unlogged.filter(({ reason }) => reason === null)) {
    const description = `call ${call.number} (${call.purpose}, ${call.ending})`;
    differences.push(`${description} is not in the logs, for no documented reason`);
  }
  const expected = groupCalls(inLogs, (call) => call.session);
  for (const id of new Set([...expected.keys(), ...before.sessions.keys(), ...after.sessions.keys()])) {
    const counted = subtract(after.sessions.get(id) ?? EMPTY, before.sessions.get(id) ?? EMPTY);
    differences.push(...compareSums(`session ${nameOf(id)}`, expected.get(id) ?? [], counted));
  }
  const models = groupCalls(inLogs, (call) => call.model);
  for (const model of new Set([...models.keys(), ...before.models.keys(), ...after.models.keys()])) {
    const counted = subtract(after.models.get(model) ?? EMPTY, before.models.get(model) ?? EMPTY);
    differences.push(...compareSums(`model ${model}`, models.get(model) ?? [], counted));
  }
  return { billed: sumCalls(calls), counted: subtract(after.totals, before.totals), unlogged, differences };
}

/**
 * Compares what the command claims to be missing from the logs with what is missing, over all scenarios: the claim may be
 * smaller, because Claude Code's own totals lack some calls, but never larger.
 */
export function compareClaims(allCalls, logged, after, nameOf) {
  const differences = [];
  for (const [id, { notInLogs, ...counted }] of after.sessions) {
    if (notInLogs === null) continue;
    const billed = sumCalls(allCalls.filter((call) => call.session === id));
    const claimed = {
      input: Number(notInLogs.inputTokens),
      output: Number(notInLogs.outputTokens),
      cacheWrite: Number(notInLogs.cacheCreationTokens),
      cacheRead: Number(notInLogs.cacheReadTokens),
    };
    const missing = subtract(billed, counted);
    if (KINDS.some((kind) => claimed[kind] > Math.max(0, missing[kind]))) {
      const figures = `${sumTokens(claimed)} tokens reported as not in the logs, ${Math.max(0, sumTokens(missing))} missing`;
      differences.push(`session ${nameOf(id)}: ${figures}`);
    }
  }
  return differences;
}

/** Compares the sums of one session or model. The output of cut answers is known only as a lower bound. */
function compareSums(name, calls, counted) {
  const billed = sumCalls(calls);
  const cut = calls.filter((call) => CUT_ENDINGS.has(call.ending));
  const cutOutput = sumCalls(cut).output;
  const differences = [];
  if (counted.messages !== calls.length) differences.push(`${calls.length} calls in the logs, ${counted.messages} counted`);
  for (const kind of KINDS) {
    const atLeast = kind === 'output' ? billed.output - cutOutput : billed[kind];
    if (counted[kind] < atLeast || counted[kind] > billed[kind]) differences.push(`${kind}: ${billed[kind]} billed, ${counted[kind]} counted`);
  }
  if (counted.underLogged !== cut.length) differences.push(`${cut.length} cut answers, ${counted.underLogged} shown as under-logged`);
  return differences.length > 0 ? [`${name}: ${differences.join('; ')}`] : [];
}

export function sumCalls(calls) {
  const sum = { ...EMPTY, messages: calls.length };
  for (const call of calls) for (const [kind, tokens] of Object.entries(tokensOf(call))) sum[kind] += tokens;
  return sum;
}

function subtract(row, earlier) {
  return Object.fromEntries([...KINDS, 'messages', 'underLogged'].map((kind) => [kind, row[kind] - earlier[kind]]));
}

function groupCalls(calls, keyOf) {
  const groups = new Map();
  for (const call of calls) groups.set(keyOf(call), [...(groups.get(keyOf(call)) ?? []), call]);
  return groups;
}
