// Strings of the History page.
import type { HistoryBy } from '../bindings/HistoryBy';
import { pluralize } from '../lib/format';

/** The parts of each split, in the singular and the plural. */
const nouns: Record<HistoryBy, [one: string, other: string]> = {
  model: ['model', 'models'],
  project: ['project', 'projects'],
  branch: ['branch', 'branches'],
  tag: ['tag', 'tags'],
  pullRequest: ['pull request', 'pull requests'],
};

export const historyStrings = {
  range: 'Range',
  ranges: { week: '7 d', month: '30 d', quarter: '90 d', year: 'Year', all: 'All', custom: 'Dates' },
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
  charts: { day: 'Days, latest first', week: 'Weeks, latest first', month: 'Months, latest first' },
  binUnits: { day: 'a bar is a day', week: 'a bar is a week', month: 'a bar is a month' },
  perDay: (tokens: string) => `${tokens} tokens a day`,
  streak: 'Streak',
  days: (count: string, number: number) => `${count} ${pluralize(number, 'day', 'days')}`,
  activeDays: (count: string) => `${count} active in all`,
  bestDay: 'Best day',
  busiestHour: 'Busiest hour',
  ofYear: (share: string) => `${share} of the year`,
  yearTo: (last: string) => `Year to ${last}`,
  year: 'Year',
  less: 'less',
  more: 'more',
  yearFailed: 'Could not read the year.',
  dayLabel: (day: string, amount: string) => `${day}: ${amount}`,
  dayTokens: (tokens: string) => `${tokens} tokens, measured`,
  parts: { model: 'By model', project: 'By project', branch: 'By branch', tag: 'By tag', pullRequest: 'By pull request' } satisfies Record<HistoryBy, string>,
  /** The options of the split, which have a common name. */
  split: { model: 'Model', project: 'Project', branch: 'Branch', tag: 'Tag', pullRequest: 'Pull request' } satisfies Record<HistoryBy, string>,
  others: (count: string, by: HistoryBy, number: number) => `${count} other ${pluralize(number, ...nouns[by])}`,
  withoutName: { model: 'unknown model', project: 'no project', branch: 'no branch', tag: 'no tag', pullRequest: 'no pull request' } satisfies Record<HistoryBy, string>,
  exportButton: 'Export…',
  exportDialog: {
    title: 'Export',
    note: (range: string, parts: string) => `Days and their ${parts}, ${range}.`,
    allDays: 'all days',
    format: 'Format',
    formats: { csv: 'CSV', focus: 'FOCUS' },
    formatNotes: {
      csv: 'A table for spreadsheets: tokens by kind, messages and cost.',
      focus: 'The FinOps Open Cost and Usage Specification, for cost tools.',
    },
    save: 'Save file',
    saving: 'Saving…',
  },
  /** The parts of each split, in the plural. */
  partsOf: (by: HistoryBy) => nouns[by][1],
  noneInRange: 'No usage in this range.',
  noneInRangeHint: 'Choose a longer range.',
  none: 'No usage yet.',
  noneHint: 'Days appear here after your first message to Claude Code.',
  loading: 'Loading history…',
  failed: 'Could not read the history.',
} as const;
