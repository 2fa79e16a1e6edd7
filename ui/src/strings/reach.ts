// Strings of the menu of the window, the dialogs behind it, and sample data.

export const reachStrings = {
  menu: 'More',
  keepOpen: 'Keep open',
  openAsWindow: 'Open as window',
  copyFigures: 'Copy figures',
  figuresCopied: 'Figures copied',
  share: 'Share…',
  about: 'About Token Monitor',
  quit: 'Quit Token Monitor',
  close: 'Close',
  copyFailed: 'Could not copy.',

  aboutDialog: {
    title: 'Token Monitor',
    version: (version: string) => `Version ${version}`,
    note: 'Counts the tokens Claude Code uses, from the logs on this computer. Nothing leaves it unless you turn that on.',
    signs: 'Signs',
    official: 'reported by Claude Code itself',
    estimate: 'an estimate or a forecast',
    measured: 'No sign',
    measuredMeaning: 'measured, added up from the logs',
    cost: 'API-equivalent: list prices of the API',
    data: 'Data on this computer',
    settingsFile: 'Settings file',
    database: 'Database',
    logs: 'Logs read',
    failed: 'Could not read the paths.',
  },

  shareDialog: {
    title: 'Share card',
    note: 'Drawn on this computer and sent nowhere. It contains what you see here, and nothing else.',
    preview: (summary: string) => `Preview: ${summary}`,
    projects: 'Project names',
    projectsNote: 'Off: the card has sums only.',
    cost: 'Cost',
    save: 'Save picture',
    copy: 'Copy picture',
    copied: 'Picture copied',
    loading: 'Drawing…',
    failed: 'Could not read the history.',
  },

  card: {
    tokens: (days: string) => `tokens with Claude Code in ${days} days`,
    streak: 'streak',
    days: (count: string, number: number) => (number === 1 ? `${count} day` : `${count} days`),
    bestDay: 'best day',
    sumsOnly: 'made on this computer · sums only',
    withNames: 'made on this computer',
    sample: 'sample data',
    noProject: 'no project',
  },

  demo: {
    title: 'Sample data',
    note: 'These figures are made up.',
    leave: 'Leave',
    lookAround: 'Look around with sample data',
    preparing: 'Preparing sample data…',
    unavailable: 'Not available with sample data: nothing of yours is changed.',
  },

  folder: 'Open folder',
  folderOf: (name: string) => `Open ${name}`,
} as const;
