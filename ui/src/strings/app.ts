// Strings of the frame around the pages: tabs, banners and placeholders.
import { pluralize } from '../lib/format';

export const appStrings = {
  name: 'Token Monitor',
  tabList: 'Pages',
  tabs: { now: 'Now', sessions: 'Sessions', blocks: 'Blocks', history: 'History', alerts: 'Alerts', settings: 'Settings' },
  unseen: (tab: string, count: string) => `${tab}, ${count} unseen`,
  orMore: (count: string) => `${count}+`,
  loading: 'Loading…',

  foot: {
    live: 'Live',
    reading: 'Reading logs',
    notRunning: 'Not running',
    official: 'from Claude',
    officialTitle: 'Official: reported by Claude Code.',
    estimate: 'estimate',
    estimateTitle: 'Estimated, or a forecast. Figures without a sign are measured from the logs.',
  },
  importing: {
    title: 'Reading your logs',
    files: (done: string, all: string) => `${done} of ${all} files`,
    bytes: (done: string, all: string) => `${done} of ${all}`,
    left: (time: string) => `about ${time} left`,
    seconds: (count: string) => `${count} s`,
    minutes: (count: string) => `${count} min`,
    hours: (count: string) => `${count} h`,
  },
  firstScan: {
    title: 'First scan',
    hint: 'Token Monitor counts the tokens Claude Code used, from the logs on this computer. Nothing leaves it.',
    folders: 'Folders being read',
  },
  empty: {
    title: 'No Claude Code logs yet',
    hint: 'Use Claude Code once on this computer. Its usage then appears here automatically.',
    steps: 'First steps',
    use: 'Use Claude Code once',
    loginNote: 'Alerts are sent only while it runs.',
    folders: 'Folders checked',
    logs: (logs: string, number: number) => (number === 0 ? 'empty' : `${logs} ${pluralize(number, 'log', 'logs')}`),
    missing: 'not found',
    noRoots: 'No log folder was found.',
  },
  statusLine: {
    preview: 'With a Claude plan, Claude Code then shows this line, and the limits appear here with its next answer:',
    example: 'Opus 5.5 · block 38% used official, 2h 10m left',
    next: 'On. With a Claude plan, the limits appear with Claude Code’s next answer.',
  },
  offline: {
    title: 'Token Monitor is not running',
    banner: 'Not running.',
    hint: 'Nothing is counted while it is stopped. Usage in the meantime is read when it starts.',
    start: 'Start',
    starting: 'Starting…',
  },
  noTray: {
    title: 'This desktop shows no tray icons.',
    hint: 'On GNOME, install the extension “AppIndicator and KStatusNotifierItem Support”. The icon then appears automatically. A session without D-Bus cannot show one.',
    dismiss: 'Hide until next time',
  },
  banner: { more: 'Show all', less: 'Show one line', dismiss: 'Hide', copyCommand: 'Copy command' },
  update: { title: (version: string) => `Version ${version} is available.`, copyAddress: 'Copy address' },
  stale: {
    asOf: (at: string) => `Figures as of ${at}.`,
    title: 'No response.',
    retry: 'Retry',
  },
} as const;
