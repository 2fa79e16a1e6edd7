// Every word the UI says, in one place. Quiet words: no exclamation marks, no emoji.
// It refuses to format: figures and times arrive here as finished text.
import type { BlockSource } from './bindings/BlockSource';
import type { BurnLevel } from './bindings/BurnLevel';
import type { Label } from './bindings/Label';
import type { LimitBasis } from './bindings/LimitBasis';
import type { NameSource } from './bindings/NameSource';
import type { QuotaOrigin } from './bindings/QuotaOrigin';
import type { WindowKind } from './bindings/WindowKind';
import { plural } from './format';
import type { Fullness } from './fullness';

const label: Record<Label, string> = { official: 'official', measured: 'measured', estimated: 'estimated' };
const level: Record<BurnLevel, string> = { normal: 'normal', moderate: 'moderate', high: 'high' };
const fullness: Record<Fullness, string> = { calm: 'calm', busy: 'busy', high: 'high', over: 'over' };
const source: Record<BlockSource, string> = {
  official: 'official',
  limitMessage: 'official, limit message',
  estimate: 'estimated',
  utc: 'estimated, fixed UTC grid',
};
const sourceTitle: Record<BlockSource, string> = {
  official: 'Claude Code named the time of the reset.',
  limitMessage: 'A message that a limit was reached named the time of the reset.',
  estimate: 'Worked out from your own messages; Claude may place the block differently.',
  utc: 'Five-hour blocks counted from midnight UTC; the last has four.',
};
const basisTitle: Record<LimitBasis, string> = {
  official: 'Claude Code’s own figure of its five-hour limit.',
  number: 'The limit you set.',
  max: 'The largest block you ever completed stands for the limit, which nobody publishes.',
  p90: 'What nine of ten of your blocks stayed under stands for the limit, which nobody publishes.',
};
const origin: Record<QuotaOrigin, string> = {
  statusLine: 'Told by Claude Code’s status line.',
  cachedUsage: 'What Claude Code kept when it last asked.',
  desktopHistory: 'From Claude Desktop’s own history.',
  limitMessage: 'By a message that a limit was reached.',
};
const window: Record<WindowKind, (scope: string | null) => string> = {
  fiveHour: () => 'Five hours',
  weekly: () => 'Week',
  weeklyScoped: (scope) => (scope === null ? 'Week' : `Week of ${scope}`),
  extraUsage: () => 'Extra usage',
};
const nameSource: Record<NameSource, string> = {
  user: 'given by you here',
  customTitle: 'given by you in Claude Code',
  aiTitle: 'by Claude Code',
  summary: 'by Claude Code, in a summary',
  firstPrompt: 'the first thing asked',
  project: 'project and start',
};

export const text = {
  appName: 'Token Monitor',
  pages: 'Pages',
  tabs: { now: 'Now', sessions: 'Sessions' },
  justNow: 'now',
  refusal: 'That did not work.',

  label,
  /** A label that is no longer of the present. */
  aged: (said: string, ago: string) => `${said}, ${ago}`,
  tokens: (count: string) => `${count} tokens`,
  tokensLabelled: (count: string, said: string) => `${count} tokens, ${said}`,
  apiEquivalent: 'API-equivalent',
  apiEquivalentTitle: 'What the same calls would have cost on the API at list prices. A subscription is not billed by it.',
  costLabelled: (amount: string) => `${amount} API-equivalent`,
  perHour: (amount: string) => `${amount} an hour`,
  unpriced: 'unpriced',
  costUnpriced: 'cost unpriced',
  unpricedTokens: (count: string) => `unpriced: ${count} tokens`,
  unpricedTitle: 'No price is known for these tokens; they are not in the cost.',
  partUnpriced: (amount: string) => `${amount}, part unpriced`,
  underLogged: 'output under-logged by Claude Code',
  underLoggedIn: (count: string, number: number) => `Output under-logged by Claude Code in ${count} ${plural(number, 'message', 'messages')}`,
  underLoggedTitle: 'Claude Code never logged the whole output of these messages: it is at least what is shown.',

  today: 'Today',
  tokensToday: 'tokens',
  messages: (count: string, number: number) => `${count} ${plural(number, 'message', 'messages')}`,

  block: 'Current block',
  left: {
    some: (hours: number, minutes: number) => `${hours > 0 ? `${hours} h ` : ''}${minutes} m left`,
    none: '0 m left',
  },
  resets: (at: string) => `resets ${at}`,
  noBlock: 'Between blocks',
  noBlockHint: 'The next five hours begin with your next message.',
  noRing: 'No block is open',
  noLimit: (used: string) => `${used}; no limit is known yet`,
  source,
  sourceTitle,
  basisTitle,
  used: (share: string, basis: LimitBasis, limit: string) => {
    const of: Record<LimitBasis, string> = {
      official: 'used',
      number: `of ${limit}`,
      max: 'of your largest block',
      p90: 'of your blocks’ P90',
    };
    return `${share} ${of[basis]}`;
  },
  fullness,
  ring: (used: string, full: string, said: string) => `${used}, ${full}, ${said}`,
  pace: (range: string) => `At this pace ${range} when it resets`,
  paceOfWindow: (range: string) => `at this pace ${range}`,
  runsOut: (at: string) => `Runs out ${at} at this pace`,
  runsOutShort: (at: string) => `runs out ${at}`,
  elsewhere: (share: string) => `About ${share} used elsewhere`,
  elsewhereTitle: 'How far the figure rose while nothing was used on this computer.',
  costLimit: (used: string) => `Cost: ${used}`,

  windows: 'Limits',
  window,
  origin,
  stopsFirst: 'First to run out',
  lastWeek: 'Last seven days',
  thisWeek: 'This week',

  burn: 'Burn rate',
  perMinute: (count: string) => `${count} tok/min`,
  level,
  atRest: 'at rest',

  kinds: {
    heading: 'Today by kind',
    inputTokens: 'Input',
    outputTokens: 'Output',
    cacheCreationTokens: 'Cache write',
    cacheReadTokens: 'Cache read',
    oneHour: 'for an hour',
    oneHourTitle: 'The part of the cache writes that is kept for an hour.',
    none: 'Nothing counted yet today.',
  },

  active: 'Active',
  recent: 'Recent',
  isActive: 'active',

  sessions: {
    search: 'Search sessions',
    searchHint: 'Name, project, model or id',
    list: 'Sessions, most recent first',
    count: (count: string, number: number) => `${count} ${plural(number, 'session', 'sessions')}`,
    found: (count: string, number: number) => `${count} ${plural(number, 'session matches', 'sessions match')}`,
    columns: 'measured · API-equivalent',
    columnsTitle: 'Tokens are measured from the logs; costs are API-equivalent.',
    nothingFound: 'No session matches.',
    nothingFoundHint: 'Search looks at names, projects and ids.',
    none: 'No sessions yet.',
    failed: 'The list could not be read.',
    retry: 'Try again',
    loading: 'Reading the list…',
    noProject: 'no project',
    noModel: 'no model named',
  },
  detail: {
    kinds: 'Tokens by kind',
    models: 'Models',
    runs: 'Subagents',
    workflow: (name: string, count: string, number: number) => `Workflow ${name}, ${count} ${plural(number, 'run', 'runs')}`,
    run: 'subagent',
    moreRuns: (count: string) => `and ${count} more`,
    messages: 'Messages',
    first: 'First activity',
    last: 'Last activity',
    burn: 'Burn rate',
    cost: 'Cost',
    project: 'Folder',
    branch: 'Branch',
    worktree: 'Worktree',
    name: 'Name',
    nameSource,
    id: 'Session id',
    notInLogs: 'Not in the logs',
    notInLogsSaid: 'not in the logs',
    notInLogsTitle: 'What Claude Code’s own counter says beyond the logs. It is in no other figure.',
    atLeast: (amount: string) => `at least ${amount}`,
    unknown: 'not logged',
    failed: 'Models and subagents could not be read.',
  },
  rename: {
    open: (name: string) => `Rename ${name}`,
    label: 'Session name',
    save: 'Save',
    cancel: 'Cancel',
    blank: 'A name needs at least one character.',
  },

  importing: {
    title: 'Reading your logs',
    files: (done: string, all: string) => `${done} of ${all} files`,
    bytes: (done: string, all: string) => `${done} of ${all}`,
    note: 'Figures so far are shown below.',
  },
  empty: {
    title: 'No Claude Code logs yet',
    hint: 'Use Claude Code once on this computer; its figures appear here by themselves.',
    looked: 'Folders looked at',
    found: (logs: string, number: number) => (number === 0 ? 'empty' : `${logs} ${plural(number, 'log', 'logs')}`),
    missing: 'not there',
    noRoots: 'No folder was found to look at.',
  },
  offline: {
    title: 'Token Monitor is not running',
    hint: 'Nothing is being counted while it is stopped. What was used meanwhile is read when it starts.',
    start: 'Start',
    starting: 'Starting…',
  },
  stale: {
    since: (at: string) => `Figures as of ${at}.`,
    title: 'No answer',
    again: 'Ask again',
  },
  asking: 'Asking for the figures…',
  problems: 'Problems',
} as const;
