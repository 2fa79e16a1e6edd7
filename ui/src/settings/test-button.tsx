// Shows an alert as its rule would, so that nobody has to wait for one, and says what became of it.
// While its fate is open it says so, and cannot be pressed again.
import { createSignal, type JSX } from 'solid-js';
import type { AlertRow } from '../bindings/AlertRow';
import type { AlertRule } from '../bindings/AlertRule';
import type { AlertStatus } from '../bindings/AlertStatus';
import type { Host } from '../host/host';
import { toRefusal } from '../host/refusal';
import { plain } from '../plain';
import { text } from '../text';

/** Others may come meanwhile; not as many as this. */
const LATEST = 20;

export function TestButton(props: { rule: AlertRule; host: Host; tested: () => void }): JSX.Element {
  const [answer, setAnswer] = createSignal('');
  const [waiting, setWaiting] = createSignal(false);
  const test = async () => {
    if (waiting()) return;
    setWaiting(true);
    setAnswer(text.settingsPage.waiting);
    try {
      const status = await props.host.testAlert(props.rule);
      setAnswer(fateWords(ofTest(await props.host.alerts(LATEST), props.rule), status));
      props.tested();
    } catch (thrown) {
      setAnswer(toRefusal(thrown).message);
    }
    setWaiting(false);
  };
  return (
    <>
      <span class="note answer" role="status" data-testid="test-answer">
        <bdi>{plain(answer())}</bdi>
      </span>
      <button
        type="button"
        class="quiet"
        data-testid="test-alert"
        aria-label={text.settingsPage.testOf(text.settingsPage.rule[props.rule])}
        aria-disabled={waiting()}
        onClick={() => void test()}
      >
        {text.settingsPage.test}
      </button>
    </>
  );
}

/** The alert this test made: the newest of its rule that is a test. */
export function ofTest(alerts: readonly AlertRow[], rule: AlertRule): AlertRow | null {
  return alerts.find((alert) => alert.isTest && alert.rule === rule) ?? null;
}

/** What became of it; why, where the system took none. */
export function fateWords(alert: AlertRow | null, { unavailable }: AlertStatus): string {
  if (alert === null || alert.fate === 'failed') return unavailable === null ? text.settingsPage.unknownFate : text.settingsPage.notShown(unavailable);
  return sentence(text.alertsPage.fate[alert.fate]);
}

/** Fates are lower case, as they stand in a list. */
function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
