// Strings of the Settings page: its groups, and each setting by its key. A setting without an entry is shown by its key.
import type { AlertRule } from '../bindings/AlertRule';
import type { SettingOrigin } from '../bindings/SettingOrigin';
import { pluralize } from '../lib/format';

/** The texts of one setting. */
export interface SettingText {
  label: string;
  note?: string;
  /** The unit of its number. */
  unit?: string;
  /** Display names of its fixed values, by the value in the settings file. */
  options?: Record<string, string>;
}

const origin: Record<SettingOrigin, string> = {
  default: 'default',
  file: 'settings file',
  saved: 'saved here',
  environment: 'environment',
  flag: 'command line',
};

const trayOptions = {
  tokens: 'Tokens today',
  cost: 'Cost today',
  block: 'Block used',
  left: 'Time left',
  burn: 'Burn rate',
  none: 'Icon only',
};
const limitOptions = { auto: 'Automatic', max: 'Largest block', p90: 'P90 of blocks', none: 'None' };
const neverOption = { none: 'Never' };
const weekdayOptions = { auto: 'System', monday: 'Monday', saturday: 'Saturday', sunday: 'Sunday' };

const fields: Record<string, SettingText> = {
  'display.tray': { label: 'Beside the icon', note: 'At most two, in the order you choose them. Panels without room for text, such as those of XFCE and KDE, show the first one in the icon only.', options: trayOptions },
  'display.icon': { label: 'Icon', note: 'The first figure, or a bar for the block and one for the week.', options: { figure: 'Figure', bars: 'Two bars' } },
  'display.theme': { label: 'Theme', options: { auto: 'System', light: 'Light', dark: 'Dark', contrast: 'Contrast' } },
  'display.keep_popover': { label: 'Keep the popover ready', note: 'How long it stays in memory after closing, so that it opens faster.' },
  'display.shortcut': { label: 'Shortcut for the popover', note: 'Opens and closes it on the whole desktop. Keys such as Ctrl+Alt+T, or none.', options: neverOption },
  'display.week_start': { label: 'First day of the week', options: weekdayOptions },
  'display.zone': { label: 'Time zone', note: 'A name such as Europe/Berlin, or auto for the system’s.', options: { auto: 'System' } },
  'display.default_mode': { label: 'Command without arguments', options: { live: 'Shows live figures', status: 'Prints once' } },
  'display.color_enabled': { label: 'Color in terminals' },
  'display.refresh_rate': { label: 'Terminal refresh interval' },

  'blocks.anchor': { label: 'Block placement', options: { auto: 'Automatic', estimate: 'From messages', utc: 'Fixed UTC grid' } },
  'blocks.token_limit': {
    label: 'Token limit of a block',
    note: 'Automatic uses Claude Code’s own figure if it reports one, otherwise the 90th percentile (P90) of your past blocks. Anthropic does not publish the limit.',
    unit: 'tokens',
    options: limitOptions,
  },
  'blocks.cost_limit': { label: 'Cost limit of a block', note: 'API-equivalent.', unit: 'dollars', options: limitOptions },

  'alerts.enabled': { label: 'Alerts' },
  'alerts.block': { label: 'Block used', note: 'One alert at each percentage; none turns them off.', unit: '%' },
  'alerts.forecast': { label: 'Block forecast to run out before its reset', note: 'Sent only when the forecast is reliable enough.' },
  'alerts.burn_rate_tokens': { label: 'Burn rate in tokens', unit: 'per minute', options: neverOption },
  'alerts.burn_rate_cost': { label: 'Burn rate in dollars', unit: 'per hour', options: neverOption },
  'alerts.burn_rate_minutes': { label: 'Burn rate stays high for', unit: 'minutes' },
  'alerts.week': { label: 'Week used', note: 'One alert at each percentage; none turns them off.', unit: '%' },
  'alerts.reset': { label: 'Reset', note: 'Only for limits that were nearly used up.' },
  'alerts.limit_hit': { label: 'Limit reached' },
  'alerts.daily_budget': { label: 'Daily budget', note: 'Tokens such as 2000000, dollars such as $20, or none.' },
  'alerts.weekly_budget': { label: 'Weekly budget', note: 'Tokens, or dollars such as $100.' },
  'alerts.monthly_budget': { label: 'Monthly budget', note: 'Tokens, or dollars such as $300.' },
  'alerts.session_cost': { label: 'Cost of a session', unit: 'dollars', options: neverOption },
  'alerts.waiting': { label: 'Session waits for you', note: 'After it has waited for a minute.' },
  'alerts.cleaning': { label: 'Logs about to be deleted unread' },
  'alerts.sound': { label: 'Sound' },
  'alerts.quiet_hours': { label: 'Quiet hours', note: 'Local time, such as 22:00-08:00, or none.' },
  'alerts.quiet_summary': { label: 'Summary after quiet hours' },
  'serve.enabled': { label: 'Web dashboard', note: 'Runs while Token Monitor is in the tray. Only this computer can reach it, with a token.' },
  'serve.listen': { label: 'Address of the web dashboard', note: 'Used at its next start.' },
  'serve.public_health': { label: 'Health of the web dashboard without the token' },
  'serve.public_metrics': { label: 'Metrics of the web dashboard without the token' },
  'push.otlp_endpoint': { label: 'OpenTelemetry collector', note: 'Gets the metrics while Token Monitor is in the tray; none by default.' },
  'push.hub_url': { label: 'Hub of your team', note: 'Gets your usage while Token Monitor is in the tray; none by default.' },
  'push.hub_level': { label: 'Detail for the hub', note: '0 totals by model, 1 projects as pseudonyms, 2 repositories and branches, 3 names, tags and descriptions of sessions.' },
  'push.hub_limits': { label: 'Limits for the hub', note: 'The used share of official limits, and when they reset.' },
  'alerts.command': { label: 'Command to run for each alert', note: 'The program and its arguments, one per line. It receives the alert as JSON on standard input.' },

  'cost.mode': { label: 'Cost source', options: { auto: 'Automatic', calculate: 'Calculated', display: 'As logged' } },
  'pricing.source': {
    label: 'Prices of unknown models',
    note: 'Downloading asks LiteLLM at most once a day.',
    options: { bundled: 'Leave unpriced', litellm: 'Download' },
  },
  'pricing.litellm_url': { label: 'Price list URL' },
  'pricing.overrides': { label: 'Your own prices', note: 'Set in the settings file.' },

  'updates.check': { label: 'Check for updates', note: 'Asks GitHub for a newer version once a day, and says so here. Nothing is downloaded.' },
  'updates.url': { label: 'Release list URL' },

  claude_config_dirs: { label: 'Log folders', note: 'One per line.' },

  'storage.db_path': { label: 'Database' },
  'storage.cache_dir': { label: 'Log file folder' },

  'monitoring.watch_interval': { label: 'Polling interval', note: 'Used where the system does not report file changes.' },
  'monitoring.follow_links': { label: 'Follow links', note: 'Also searches linked folders outside of the log folders.' },
  'monitoring.update_frequency': { label: 'Refresh interval' },
  'monitoring.session_retention': { label: 'Remove sessions from the list after', note: 'They are never deleted.' },
  'logging.level': { label: 'Log level', options: { error: 'Error', warn: 'Warning', info: 'Info', debug: 'Debug', trace: 'Trace' } },
  'logging.output': { label: 'Log output', options: { stderr: 'Terminal', file: 'File' } },
};

const alertRule: Record<AlertRule, string> = {
  block: 'block used',
  forecast: 'forecast',
  burnRate: 'burn rate',
  week: 'week used',
  reset: 'reset',
  limitHit: 'limit reached',
  budget: 'budget',
  sessionCost: 'session cost',
  agentWaiting: 'waiting session',
  cleaning: 'expiring logs',
  summary: 'summary',
};

export const settingStrings = {
  fields,
  groups: {
    appearance: { title: 'Tray and theme', description: 'Figures in the tray, and the theme.' },
    week: { title: 'Week and time zone', description: 'When days and weeks begin.' },
    limits: { title: 'Limits', description: 'How blocks are placed, and their limits.' },
    alerts: { title: 'Alerts', description: 'What to be alerted about, and when not.' },
    costs: { title: 'Costs', description: 'How API-equivalent costs are calculated.' },
    folders: { title: 'Folders', description: 'Where Claude Code keeps its logs.' },
    web: { title: 'Web dashboard and sharing', description: 'The figures in a browser, for other programs and for your team.' },
    data: { title: 'Data', description: 'Where data is stored, and diagnostics.' },
    advanced: { title: 'Advanced', description: 'How logs are read, and logging.' },
  },
  more: 'More',
  system: 'Connections',
  search: 'Search settings',
  noMatch: 'No setting matches.',
  changed: 'changed',
  origin,
  setElsewhere: {
    environment: 'Set by an environment variable; change it there.',
    flag: 'Set on the command line; change it there.',
  },
  readAtStartup: 'Read at startup; change it in the settings file.',
  notFromHere: 'Names a program or an address; change it in the settings file or with token-monitor settings.',
  needsRestart: 'applies after a restart',
  reset: 'Reset',
  resetOf: (label: string) => `Reset ${label}`,
  customNumber: 'Custom',
  staysAt: (value: string) => `The value stays ${value}.`,
  none: 'none',
  labeled: (label: string, value: string) => `${label}: ${value}`,
  percentages: (label: string, values: string) => `${label}: ${values}%`,
  foldersFound: (count: string, number: number, logs: string) => `${count} ${pluralize(number, 'folder', 'folders')}, ${logs}`,
  openDashboard: 'Open in browser',
  notANumber: 'Enter a whole number.',
  notNumbers: 'Enter whole numbers, separated by commas.',
  atMost: (count: string) => `Choose at most ${count}.`,
  /** Inside a sentence. */
  on: 'on',
  off: 'off',
  /** Alone on a line. */
  isOn: 'On',
  isOff: 'Off',
  problems: 'Invalid settings',
  failed: 'Could not read the settings.',
  loading: 'Loading settings…',
  test: 'Test',
  testOf: (rule: string) => `Test alert: ${rule}`,
  alertRule,
  waiting: 'Waiting for the notification service…',
  notShown: (reason: string) => `Not shown: ${reason}`,
  notShownUnknown: 'The notification could not be shown.',
  unavailableHint: 'Alerts will be listed on the Alerts page, but no notification can be shown.',
  autostart: 'Start at login',
  statusline: 'Claude’s real limits',
  statuslineNote: 'Through Claude Code’s status line, which then shows figures. Changes one value in its settings.json and keeps a backup.',
  foldersChecked: 'Folders checked now',
  foldersLeftOut: 'Not searched',
  include: 'Include',
  includeFolder: (folder: string) => `Include ${folder}`,
  settingsFile: 'Settings file',
  database: 'Database',
  version: 'Version',
  diagnostics: 'Save diagnostics',
  diagnosticsNote: 'A report that helps to find a problem. It contains no names, titles or paths of yours.',
  saving: 'Saving…',
};
