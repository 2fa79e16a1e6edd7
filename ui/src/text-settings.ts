// The words of the page Settings: its groups, and each setting by its key. A setting without words shows its key,
// so that a new one is never hidden. It refuses to know what settings there are.
import type { AlertRule } from './bindings/AlertRule';
import type { Origin } from './bindings/Origin';
import { plural } from './format';

/** What is said of one setting. */
export interface Said {
  label: string;
  note?: string;
  /** What its number counts. */
  unit?: string;
  /** Words of the file as people say them. */
  words?: Record<string, string>;
}

const origin: Record<Origin, string> = {
  default: 'default',
  file: 'your file',
  saved: 'saved here',
  environment: 'environment',
  flag: 'command line',
};

const tray = { tokens: 'Tokens today', cost: 'Cost today', block: 'Share of the block', left: 'Time left', burn: 'Burn rate', none: 'The bare icon' };
const limitWords = { auto: 'Automatic', max: 'Largest block', p90: 'P90 of blocks', none: 'None' };
const noneWords = { none: 'Never' };
const weekdays = { auto: 'As the system', monday: 'Monday', saturday: 'Saturday', sunday: 'Sunday' };

/** By key; what is not here is shown by its key. */
const settings: Record<string, Said> = {
  'display.tray': { label: 'Beside the icon', note: 'At most two, in the order you choose them.', words: tray },
  'display.theme': { label: 'Colours', words: { auto: 'As the system', light: 'Light', dark: 'Dark', contrast: 'High contrast' } },
  'display.keep_popover': { label: 'Keep the popover ready', note: 'It opens faster for this long after it was closed, and holds memory meanwhile.' },
  'display.week_start': { label: 'A week begins on', words: weekdays },
  'display.zone': { label: 'Time zone', note: 'A name such as Europe/Berlin, or auto for the system’s.', words: { auto: 'As the system' } },
  'display.default_mode': { label: 'Command without arguments', words: { live: 'Follows figures', status: 'Prints once' } },
  'display.color_enabled': { label: 'Colour in terminals' },
  'display.refresh_rate': { label: 'Terminal redraw', note: 'How often at most.' },

  'blocks.anchor': { label: 'Where blocks begin', words: { auto: 'Automatic', estimate: 'From messages', utc: 'Fixed UTC grid' } },
  'blocks.token_limit': { label: 'Tokens in a block', note: 'Automatic takes Claude Code’s own figure where it tells one, else the P90, which nine of ten of your blocks stayed under. Nobody publishes the limit.', unit: 'tokens', words: limitWords },
  'blocks.cost_limit': { label: 'Cost of a block', note: 'API-equivalent.', unit: 'dollars', words: limitWords },

  'alerts.enabled': { label: 'Alerts' },
  'alerts.block': { label: 'Block used', note: 'One alert at each share; none for no alert.', unit: '%' },
  'alerts.forecast': { label: 'Block runs out before its reset', note: 'When the forecast is sure enough.' },
  'alerts.burn_rate_tokens': { label: 'Burn rate in tokens', unit: 'a minute', words: noneWords },
  'alerts.burn_rate_cost': { label: 'Burn rate in dollars', unit: 'an hour', words: noneWords },
  'alerts.burn_rate_minutes': { label: 'Burn rate stays high for', unit: 'minutes' },
  'alerts.week': { label: 'Week used', note: 'One alert at each share; none for no alert.', unit: '%' },
  'alerts.reset': { label: 'Reset', note: 'Of limits that were nearly used up.' },
  'alerts.limit_hit': { label: 'Limit reached' },
  'alerts.daily_budget': { label: 'Budget of a day', note: 'Tokens such as 2000000, dollars such as $20, or none.' },
  'alerts.weekly_budget': { label: 'Budget of a week', note: 'Tokens, or dollars such as $100.' },
  'alerts.monthly_budget': { label: 'Budget of a month', note: 'Tokens, or dollars such as $300.' },
  'alerts.session_cost': { label: 'A session costs', unit: 'dollars', words: noneWords },
  'alerts.cleaning': { label: 'Logs deleted before they were read' },
  'alerts.sound': { label: 'Sound' },
  'alerts.quiet_hours': { label: 'Quiet hours', note: 'Such as 22:00-08:00, by your clock; none for none.' },
  'alerts.quiet_summary': { label: 'Summary after quiet hours' },
  'alerts.command': { label: 'Command run for each alert', note: 'The program and its arguments, one a line; the alert is its input, as JSON.' },

  'cost.mode': { label: 'Whose costs count', words: { auto: 'Automatic', calculate: 'Calculated', display: 'As logged' } },
  'pricing.source': { label: 'Prices of unknown models', note: 'Fetching asks LiteLLM at most once a day; it is the only use of the network.', words: { bundled: 'Left unpriced', litellm: 'Fetched' } },
  'pricing.litellm_url': { label: 'Where they are fetched' },
  'pricing.overrides': { label: 'Your own prices', note: 'Written in your file.' },

  claude_config_dirs: { label: 'Folders with logs', note: 'One a line.' },

  'storage.db_path': { label: 'Store' },
  'storage.cache_dir': { label: 'Folder of the log file' },

  'monitoring.watch_interval': { label: 'Look for changes every', note: 'Where the system does not tell of them.' },
  'monitoring.update_frequency': { label: 'Work out moving figures every' },
  'monitoring.session_retention': { label: 'Sessions leave the list after', note: 'They are never deleted.' },
  'performance.worker_pool_size': { label: 'Logs read at once', unit: 'at most' },
  'performance.cache_size': { label: 'Parts that may wait', unit: 'at most' },
  'performance.batch_window': { label: 'Gather changes for' },
  'logging.level': { label: 'How much is logged', words: { error: 'Errors', warn: 'Warnings', info: 'Some', debug: 'Much', trace: 'All' } },
  'logging.output': { label: 'Where it is logged', words: { stderr: 'Terminal', file: 'File' } },
};

const rule: Record<AlertRule, string> = {
  block: 'block used',
  forecast: 'forecast',
  burnRate: 'burn rate',
  week: 'week used',
  reset: 'reset',
  limitHit: 'limit reached',
  budget: 'budget',
  sessionCost: 'cost of a session',
  cleaning: 'deleted logs',
  summary: 'summary',
};

export const settingsPage = {
  settings,
  groups: {
    look: { title: 'Tray and look', sentence: 'What stands in the panel, and in which colours.' },
    week: { title: 'Week and zone', sentence: 'Where days and weeks begin.' },
    limits: { title: 'Limits', sentence: 'How blocks are placed and what they may hold.' },
    alerts: { title: 'Alerts', sentence: 'What you are told of, and when not.' },
    costs: { title: 'Costs', sentence: 'What tokens would have cost on the API.' },
    folders: { title: 'Folders', sentence: 'Where Claude Code keeps its logs.' },
    login: { title: 'Start at login', sentence: 'Whether counting begins by itself.' },
    statusline: { title: 'Status line', sentence: 'Figures in Claude Code itself, and its own figures here.' },
    data: { title: 'Data', sentence: 'Where figures are kept, and a report for faults.' },
    advanced: { title: 'Advanced', sentence: 'How logs are read, and what is written down of it.' },
  },
  origin,
  fixedBy: { environment: 'Set by the environment; change it there.', flag: 'Set on the command line; change it there.' },
  fixed: 'Read at the start: it can be set in your file.',
  reset: 'Reset',
  resetOf: (label: string) => `Reset ${label}`,
  needsRestart: 'from the next start',
  ownNumber: 'A number',
  stays: (value: string) => `It stays ${value}.`,
  noValue: 'none',
  named: (label: string, value: string) => `${label}: ${value}`,
  shares: (label: string, values: string) => `${label}: ${values} %`,
  foldersFound: (count: string, number: number, logs: string) => `${count} ${plural(number, 'folder', 'folders')}, ${logs}`,
  notANumber: 'That is not a whole number.',
  notNumbers: 'Whole numbers, separated by commas.',
  most: (count: string) => `At most ${count} can be chosen.`,
  /** In a sentence, and alone. */
  on: 'on',
  off: 'off',
  isOn: 'On',
  isOff: 'Off',
  problems: 'Not understood',
  failed: 'The settings could not be read.',
  loading: 'Reading the settings…',
  test: 'Test',
  testOf: (of: string) => `Test alert: ${of}`,
  rule,
  waiting: 'Waiting for the system…',
  notShown: (why: string) => `Not shown: ${why}`,
  unknownFate: 'Not shown by the system.',
  unavailableHint: 'What you choose here is kept with the past alerts, and the bell counts it.',
  autostart: 'Start Token Monitor when you log in',
  statusline: 'Show figures in Claude Code’s status line',
  statuslineNote: 'Changes one value in Claude Code’s settings.json, with a copy beside it. Claude Code then tells its official limits, too.',
  looked: 'Looked at now',
  config: 'Your file',
  store: 'Store',
  version: 'Version',
  diagnostics: 'Save diagnostics',
  diagnosticsNote: 'What helps to find a fault: no names, titles or paths of yours.',
  saving: 'Saving…',
  savedTo: 'Saved to',
};
