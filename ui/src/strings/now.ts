// Strings of the Now page: the current block, quota windows, the burn rate and today.
import type { LimitBasis } from '../bindings/LimitBasis';

export const nowStrings = {
  block: 'Current block',
  resets: (at: string) => `resets ${at}`,
  noBlock: 'Between blocks',
  noBlockHint: 'The next five-hour block starts with your next message.',
  noOpenBlock: 'No open block',
  limitUnknown: 'limit unknown',
  usedOfUnknownLimit: (used: string) => `${used}; limit unknown`,
  used: (share: string, basis: LimitBasis, limit: string) => {
    const limits: Record<LimitBasis, string> = {
      official: 'used',
      number: `of ${limit}`,
      max: 'of your largest block',
      p90: 'of your blocks’ P90',
    };
    return `${share} ${limits[basis]}`;
  },
  ofLimit: {
    official: () => 'of Claude Code’s limit',
    number: (limit: string) => `of ${limit} tokens`,
    max: (limit: string) => `of your largest block, ${limit}`,
    p90: (limit: string) => `of your blocks’ P90, ${limit}`,
  } satisfies Record<LimitBasis, (limit: string) => string>,
  ring: (used: string, level: string, label: string) => `${used}, ${level}, ${label}`,
  projection: (range: string) => `At this pace ${range} at reset`,
  windowProjection: (range: string) => `at this pace ${range}`,
  runsOut: (at: string) => `Runs out ${at} at this pace`,
  windowRunsOut: (at: string) => `runs out ${at}`,
  elsewhere: (share: string) => `About ${share} used elsewhere`,
  elsewhereTitle: 'How much the reported usage rose while nothing was used on this computer.',
  costLimit: (used: string) => `Cost: ${used}`,

  limits: 'Limits',
  limitColumns: 'official · pace estimated',
  stopsFirst: 'stops first',
  lastSevenDays: 'Last seven days',
  thisWeek: 'This week',

  burnRate: 'Burn rate',
  perHour: (amount: string) => `${amount} an hour`,
  atRest: 'at rest',
  lastHour: {
    label: (peak: string, at: string) => `Tokens per minute in the last hour, peak ${peak} at ${at}`,
    none: 'Tokens per minute in the last hour: none',
    minute: (at: string, tokens: string, label: string) => `${at}: ${tokens} tokens, ${label}`,
    caption: (label: string) => `last hour, ${label}`,
  },

  today: 'Today',
  nothingToday: 'No usage yet today.',
  comparison: {
    more: (share: string) => `${share} more than yesterday by now`,
    less: (share: string) => `${share} less than yesterday by now`,
    times: (times: string) => `${times} times yesterday by now`,
    same: 'same as yesterday by now',
    noneYesterday: 'nothing yesterday by now',
    typicalDay: 'a typical full day',
    typicalDayTitle: 'The median of the days with messages in the last four weeks.',
  },

  activeSessions: 'Active',
  recentSessions: 'Recent',
} as const;
