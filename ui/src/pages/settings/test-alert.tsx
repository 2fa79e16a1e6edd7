// A button that sends a test alert and shows its delivery. Disabled while the result is pending.
import { createSignal, type JSX } from 'solid-js';
import type { AlertRow } from '../../bindings/AlertRow';
import type { AlertRule } from '../../bindings/AlertRule';
import type { AlertStatus } from '../../bindings/AlertStatus';
import { toRefusal } from '../../host/refusal';
import { useHost, useSnapshotStore } from '../../lib/contexts';
import { sanitizeName } from '../../lib/sanitize';
import { text } from '../../strings';

/** The number of recent alerts searched for the test alert. */
const RECENT_ALERTS = 20;

export function TestAlertButton(props: { rule: AlertRule }): JSX.Element {
  const host = useHost();
  const store = useSnapshotStore();
  const [result, setResult] = createSignal('');
  const [isWaiting, setWaiting] = createSignal(false);
  const sendTest = async () => {
    if (isWaiting()) return;
    setWaiting(true);
    setResult(text.settings.waiting);
    try {
      const status = await host.testAlert(props.rule);
      setResult(deliveryText(findTestAlert(await host.alerts(RECENT_ALERTS), props.rule), status));
      void store.refresh();
    } catch (thrown) {
      setResult(toRefusal(thrown).message);
    }
    setWaiting(false);
  };
  return (
    <>
      <span class="caption setting__answer" role="status" data-testid="test-answer">
        <bdi>{sanitizeName(result())}</bdi>
      </span>
      <button
        type="button"
        class="link-button"
        data-testid="test-alert"
        aria-label={text.settings.testOf(text.settings.alertRule[props.rule])}
        aria-disabled={isWaiting()}
        onClick={() => void sendTest()}
      >
        {text.settings.test}
      </button>
    </>
  );
}

/** Returns the latest test alert of the rule. */
export function findTestAlert(alerts: readonly AlertRow[], rule: AlertRule): AlertRow | null {
  return alerts.find((alert) => alert.isTest && alert.rule === rule) ?? null;
}

/** Returns the delivery result, with the reason if notifications are unavailable. */
export function deliveryText(alert: AlertRow | null, { unavailable }: AlertStatus): string {
  if (alert === null || alert.fate === 'failed') return unavailable === null ? text.settings.notShownUnknown : text.settings.notShown(unavailable);
  return toSentence(text.alerts.delivery[alert.fate]);
}

/** Capitalizes a text and ends it with a period. */
function toSentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
