// Strings that several pages share: tokens, costs, times and token kinds.
import { pluralize } from '../lib/format';

export const commonStrings = {
  range: (from: string, to: string) => `${from} – ${to}`,
  justNow: 'now',
  today: 'Today',
  ago: (age: string) => `${age} ago`,
  timeLeft: (time: string) => `${time} left`,

  requestFailed: 'The request failed.',
  retry: 'Try again',
  copy: 'Copy',
  open: (page: string) => `Open ${page}`,
  copied: 'Copied',
  savedTo: 'Saved to',
  downloaded: 'Downloaded',
  refreshFailed: 'Could not refresh these figures.',

  /** A provenance label of an old figure, followed by its age. */
  withAge: (label: string, ago: string) => `${label}, ${ago}`,
  tokens: (count: string) => `${count} tokens`,
  tokensUnit: 'tokens',
  costUnit: 'cost',
  tokensWithLabel: (count: string, label: string) => `${count} tokens, ${label}`,
  messages: (count: string, number: number) => `${count} ${pluralize(number, 'message', 'messages')}`,
  perMinute: (count: string) => `${count} tok/min`,
  /** The heading above a column of tokens and a column of costs. */
  usageColumns: 'measured · API-equivalent',
  usageColumnsTitle: 'Tokens are measured from the logs; costs are API-equivalent.',
  apiEquivalent: 'API-equivalent',
  apiEquivalentTitle: 'What the same calls would have cost on the API at list prices. A subscription is not billed this way.',
  costWithLabel: (amount: string) => `${amount} API-equivalent`,
  unpriced: 'unpriced',
  costUnpriced: 'cost unpriced',
  unpricedTokens: (count: string) => `unpriced: ${count} tokens`,
  unpricedTitle: 'No price is known for these tokens. They are not included in the cost.',
  partlyUnpriced: (amount: string) => `${amount}, part unpriced`,
  underLogged: 'output under-logged by Claude Code',
  underLoggedNote: (count: string, number: number) =>
    `Output under-logged by Claude Code in ${count} ${pluralize(number, 'message', 'messages')}; the figure is a lower bound`,
  underLoggedTitle: 'Claude Code did not log the full output of these messages, so the figure shown is a lower bound.',

  tokenKinds: {
    inputTokens: 'Input',
    outputTokens: 'Output',
    cacheCreationTokens: 'Cache write',
    cacheReadTokens: 'Cache read',
    oneHour: 'one hour',
    oneHourTitle: 'The part of the cache writes that is cached for one hour.',
    other: 'Other',
    otherTitle: 'Costs that belong to no kind of token: web searches, and costs that the logs name as a whole.',
  },
  axisLabel: (top: string, label: string) => `Scale from 0 to ${top}, ${label}`,
} as const;
