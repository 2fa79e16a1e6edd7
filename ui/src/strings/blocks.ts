// Strings of the Blocks page.
import { pluralize } from '../lib/format';

export const blockStrings = {
  chart: 'Blocks, latest first',
  list: 'All blocks and gaps, latest first',
  current: 'current',
  thisBlock: 'This block',
  pastBlock: 'Block',
  gap: 'Gap',
  withoutMessages: 'without messages',
  daySums: (count: string, number: number, tokens: string) => `${count} ${pluralize(number, 'block', 'blocks')} · ${tokens}`,
  idleFor: (duration: string) => `${duration} without messages`,
  limitLine: { limit: 'your limit', largest: 'largest', p90: 'usual maximum' },
  limitLineTitle: {
    limit: 'The token limit you set.',
    largest: 'The completed block with the most tokens.',
    p90: 'The 90th percentile of completed blocks.',
  },
  highlight: { largest: 'largest', overP90: 'above usual' },
  peak: (count: string) => `peak ${count}/min`,
  peakTitle: (count: string) => `The most tokens in one minute: ${count}.`,
  columnLabel: (when: string, tokens: string, cost: string, source: string) => `${when}: ${tokens} tokens, measured, ${cost}; times ${source}`,
  gapLabel: (when: string, duration: string, label: string) => `${when}: ${blockStrings.idleFor(duration)}, ${label}`,
  none: 'No blocks yet.',
  noneHint: 'The first five-hour block starts with your next message to Claude Code.',
  loading: 'Loading blocks…',
  failed: 'Could not read the blocks.',
} as const;
