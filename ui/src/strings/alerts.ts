// Strings of the Alerts page.
import type { DeliveryStatus } from '../bindings/DeliveryStatus';

const delivery: Record<DeliveryStatus, string> = {
  sent: 'sent, not confirmed yet',
  shown: 'shown',
  quiet: 'held back, quiet hours',
  paused: 'held back, alerts paused',
  muted: 'held back, session muted',
  limited: 'held back, too many at once',
  failed: 'could not be shown',
};

const deliveryTitle: Record<DeliveryStatus, string> = {
  sent: 'Sent to the notification service, which has not confirmed it yet.',
  shown: 'The notification service showed it.',
  quiet: 'Raised during your quiet hours.',
  paused: 'Raised while alerts were paused.',
  muted: 'Alerts for this session are muted.',
  limited: 'Too many alerts were raised in a short time.',
  failed: 'The notification service did not accept it.',
};

export const alertStrings = {
  on: 'Alerts are on.',
  listedOnly: 'Alerts are listed here only.',
  pausedUntil: (at: string) => `Paused until ${at}`,
  pause: 'Pause',
  pauseAlerts: 'Pause alerts',
  pauses: {
    fifteenMinutes: { short: '15 min', full: 'Pause for 15 min' },
    thirtyMinutes: { short: '30 min', full: 'Pause for 30 min' },
    hour: { short: '1 h', full: 'Pause for 1 h' },
    untilReset: { short: 'Reset', full: 'Pause until the reset' },
    untilTomorrow: { short: 'Tomorrow', full: 'Pause until tomorrow' },
  },
  resume: 'Resume',
  unavailable: 'Notifications are not available',
  unavailableHint: 'Alerts are still listed here. Once notifications work again, send a test alert from Settings → Alerts.',
  list: 'Past alerts',
  delivery,
  deliveryTitle,
  test: 'test alert',
  showOlder: 'Show older',
  none: 'No alerts yet',
  noneHint: 'Choose what to be alerted about in Settings → Alerts.',
  openSettings: 'Choose alerts',
  failed: 'Could not read the alerts.',
  loading: 'Loading alerts…',
} as const;
