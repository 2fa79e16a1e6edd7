// Strings of the History page.
import { pluralize } from '../lib/format';

export const historyStrings = {
  range: 'Range',
  ranges: { week: '7 days', month: '30 days', quarter: '90 days', year: 'Year', all: 'All', custom: 'Dates' },
  splitBy: 'Split by',
  measure: 'Measure',
  tokens: 'Tokens',
  cost: 'Cost',
  from: 'From',
  to: 'To',
  datePlaceholder: 'yyyy-mm-dd',
  dateErrors: {
    from: 'The first day is not a date. Use the form yyyy-mm-dd.',
    to: 'The last day is not a date. Use the form yyyy-mm-dd.',
    order: 'The last day is before the first day.',
  },
  chart: 'Days, latest first',
  yearTo: (last: string) => `Year to ${last}`,
  year: 'Year',
  yearFailed: 'Could not read the year.',
  dayLabel: (day: string, amount: string) => `${day}: ${amount}`,
  dayTokens: (tokens: string) => `${tokens} tokens, measured`,
  parts: { model: 'By model', project: 'By project' },
  others: (count: string, by: 'model' | 'project', number: number) =>
    by === 'model' ? `${count} other ${pluralize(number, 'model', 'models')}` : `${count} other ${pluralize(number, 'project', 'projects')}`,
  noProject: 'no project',
  noneInRange: 'No usage in this range.',
  noneInRangeHint: 'Choose a longer range.',
  none: 'No usage yet.',
  noneHint: 'Days appear here after your first message to Claude Code.',
  loading: 'Loading history…',
  failed: 'Could not read the history.',
} as const;
