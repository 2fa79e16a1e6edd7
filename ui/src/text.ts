// Every word the UI says, in one place. Quiet words: no exclamation marks, no emoji.
// It refuses to format: figures and times arrive here as finished text.
import type { BlockSource } from './bindings/BlockSource';
import type { BurnLevel } from './bindings/BurnLevel';
import { plural } from './format';

const level: Record<BurnLevel, string> = { normal: 'normal', moderate: 'moderate', high: 'high' };
const source: Record<BlockSource, string> = { estimate: 'estimated', utc: 'fixed UTC grid' };
const sourceTitle: Record<BlockSource, string> = {
  estimate: 'Worked out from your own messages; Claude may place the block differently.',
  utc: 'Five-hour blocks counted from midnight UTC; the last has four.',
};

export const text = {
  appName: 'Token Monitor',
  pages: 'Pages',
  tabs: { now: 'Now', sessions: 'Sessions' },
  justNow: 'now',
  refusal: 'That did not work.',

  today: 'Today',
  tokensToday: 'tokens',
  messages: (count: string, number: number) => `${count} ${plural(number, 'message', 'messages')}`,
  tokens: (count: string) => `${count} tokens`,
  cost: (amount: string) => `${amount} API-equivalent`,

  block: 'Current block',
  left: {
    some: (hours: number, minutes: number) => `${hours > 0 ? `${hours} h ` : ''}${minutes} m left`,
    none: '0 m left',
  },
  resets: (at: string) => `resets ${at}`,
  inBlock: (count: string) => `${count} tokens in this block`,
  elapsed: (share: string) => `${share} of the block has passed`,
  noBlock: 'Between blocks',
  noBlockHint: 'The next five hours begin with your next message.',
  noRing: 'No block is open',
  source,
  sourceTitle,

  burn: 'Burn rate',
  perMinute: (count: string) => `${count} tok/min`,
  level,
  atRest: 'at rest',

  kinds: {
    heading: 'Kinds of token today',
    inputTokens: 'Input',
    outputTokens: 'Output',
    cacheCreationTokens: 'Cache write',
    cacheReadTokens: 'Cache read',
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
    messages: 'Messages',
    first: 'First activity',
    last: 'Last activity',
    burn: 'Burn rate',
    cost: 'Cost',
    project: 'Folder',
    id: 'Session id',
    unknown: 'not in the logs',
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
