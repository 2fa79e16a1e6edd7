// The offer to show Claude's own limits, while none is known: a button turns on the status line, which reports them. A dismissed
// offer does not return.
import { createSignal, type JSX, Show } from 'solid-js';
import type { ApiError } from '../../bindings/ApiError';
import { Cross } from '../../components/icons';
import { RefusalMessage } from '../../components/refusal-message';
import { toRefusal } from '../../host/refusal';
import { useFeature, useHost, useSnapshot } from '../../lib/contexts';
import { readFlag, writeFlag } from '../../lib/stored-flags';
import { text } from '../../strings';

const DISMISSED = 'limits-offer-dismissed';

export function LimitsOffer(): JSX.Element {
  return (
    <Show when={useFeature('statusline')}>
      <Offer />
    </Show>
  );
}

function Offer(): JSX.Element {
  const host = useHost();
  const snapshot = useSnapshot();
  const [isStatuslineOn, setStatuslineOn] = createSignal(host.start?.isStatuslineOn ?? null);
  const [isDismissed, setDismissed] = createSignal(readFlag(DISMISSED));
  const [refusal, setRefusal] = createSignal<ApiError | null>(null);
  if (isStatuslineOn() === null) host.statusline().then(setStatuslineOn, () => undefined);
  const isShown = () => !snapshot().isDemo && !isDismissed() && isStatuslineOn() === false && snapshot().quota.length === 0 && snapshot().blockUse?.basis !== 'number';
  const turnOn = () => {
    setRefusal(null);
    host.setStatusline(true).then(setStatuslineOn, (thrown) => setRefusal(toRefusal(thrown)));
  };
  /** Moves the focus to the page, because the focused button disappears. */
  const dismiss = () => {
    writeFlag(DISMISSED);
    setDismissed(true);
    document.querySelector<HTMLElement>('[role=tabpanel]:not([hidden])')?.focus();
  };
  return (
    <Show when={isShown()}>
      <section class="card limits-offer" aria-labelledby="limits-offer-title" data-testid="limits-offer">
        <div class="limits-offer__text">
          <h2 id="limits-offer-title">{text.now.limitsOffer.title}</h2>
          <p class="caption">{text.now.limitsOffer.note}</p>
        </div>
        <button type="button" class="button button--primary button--small" data-testid="turn-on-limits" onClick={turnOn}>
          {text.now.limitsOffer.turnOn}
        </button>
        <button type="button" class="button button--icon" aria-label={text.now.limitsOffer.dismiss} title={text.now.limitsOffer.dismiss} data-testid="dismiss-limits-offer" onClick={dismiss}>
          <Cross />
        </button>
        <Show when={refusal()}>{(reason) => <RefusalMessage refusal={reason()} />}</Show>
      </section>
    </Show>
  );
}
