// Shows an alert as its rule would, so that nobody has to wait for one; says whether the system took it.
import { createSignal, type JSX } from 'solid-js';
import type { AlertRule } from '../bindings/AlertRule';
import type { Host } from '../host/host';
import { toRefusal } from '../host/refusal';
import { plain } from '../plain';
import { text } from '../text';

export function TestButton(props: { rule: AlertRule; host: Host; tested: () => void }): JSX.Element {
  const [answer, setAnswer] = createSignal('');
  let running = false;
  const test = async () => {
    if (running) return;
    running = true;
    setAnswer('');
    try {
      const { unavailable } = await props.host.testAlert(props.rule);
      setAnswer(unavailable === null ? text.settingsPage.shown : text.settingsPage.notShown(unavailable));
      props.tested();
    } catch (thrown) {
      setAnswer(toRefusal(thrown).message);
    }
    running = false;
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
        onClick={() => void test()}
      >
        {text.settingsPage.test}
      </button>
    </>
  );
}
