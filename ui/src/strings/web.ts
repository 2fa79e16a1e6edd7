// Strings of the dashboard in a web browser.

export const webStrings = {
  unreachable: 'Token Monitor does not respond.',
  unreachableHint: 'The page reconnects as soon as token-monitor serve runs again.',
  signedOut: 'Not signed in.',
  signOut: 'Sign out',
  signOutFailed: 'Could not sign out.',
  notConnected: 'Not connected',
  offline: {
    title: 'No connection to Token Monitor',
    banner: 'No connection.',
    hint: 'The page reconnects as soon as token-monitor serve runs again.',
  },
  /** The names of downloaded files for which the server suggests none. */
  shareCardFile: 'token-monitor.png',
  exportFile: 'token-monitor.csv',
} as const;
