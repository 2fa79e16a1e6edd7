// Alerts grouped by the day on which they were raised, and the appearance of each rule. Pure.
import type { AlertRow } from '../../bindings/AlertRow';
import type { AlertRule } from '../../bindings/AlertRule';

/** The alerts of a day, latest first. */
export interface AlertDay {
  /** The date as yyyy-mm-dd. */
  day: string;
  alerts: AlertRow[];
}

export function groupAlertsByDay(alerts: readonly AlertRow[], dayOf: (at: string) => string): AlertDay[] {
  const days: AlertDay[] = [];
  for (const alert of alerts) {
    const day = dayOf(alert.at);
    const last = days.at(-1);
    if (last?.day === day) last.alerts.push(alert);
    else days.push({ day, alerts: [alert] });
  }
  return days;
}

/** The shape of an alert's icon. Alerts of different urgency have different shapes, not only different colors. */
export type AlertIcon = 'dial' | 'line' | 'bars' | 'reset' | 'stop' | 'coin' | 'folder' | 'calendar' | 'waiting';

/** The urgency of an alert: its color. */
export type AlertUrgency = 'calm' | 'warn' | 'high' | 'over';

export const alertLooks: Record<AlertRule, { icon: AlertIcon; urgency: AlertUrgency }> = {
  block: { icon: 'dial', urgency: 'warn' },
  week: { icon: 'dial', urgency: 'warn' },
  forecast: { icon: 'line', urgency: 'high' },
  burnRate: { icon: 'bars', urgency: 'high' },
  limitHit: { icon: 'stop', urgency: 'over' },
  reset: { icon: 'reset', urgency: 'calm' },
  budget: { icon: 'coin', urgency: 'warn' },
  agentWaiting: { icon: 'waiting', urgency: 'warn' },
  sessionCost: { icon: 'coin', urgency: 'warn' },
  cleaning: { icon: 'folder', urgency: 'calm' },
  summary: { icon: 'calendar', urgency: 'calm' },
};
