// Strings of the Blocks page.

export const blockStrings = {
  chart: 'Blocks, latest first',
  list: 'All blocks and gaps, latest first',
  current: 'current',
  idle: 'Idle',
  idleFor: (duration: string) => `${duration} without messages`,
  limitLine: { limit: 'limit', largest: 'largest', p90: 'P90' },
  limitLineTitle: {
    limit: 'The token limit in effect now.',
    largest: 'The completed block with the most tokens.',
    p90: 'The 90th percentile of completed blocks.',
  },
  highlight: { largest: 'largest', overP90: 'over P90' },
  peak: (count: string) => `peak ${count}/min`,
  peakTitle: (count: string) => `The most tokens in one minute: ${count}.`,
  columnLabel: (when: string, tokens: string, cost: string, source: string) => `${when}: ${tokens} tokens, measured, ${cost}; times ${source}`,
  gapLabel: (when: string, duration: string, label: string) => `${when}: idle for ${duration}, ${label}`,
  all: 'All blocks',
  none: 'No blocks yet.',
  noneHint: 'The first five-hour block starts with your next message to Claude Code.',
  loading: 'Loading blocks…',
  failed: 'Could not read the blocks.',
} as const;
