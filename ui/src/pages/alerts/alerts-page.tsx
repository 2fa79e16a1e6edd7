// The Alerts page: past alerts, latest first. Each opens the page it refers to. Showing the page marks them as seen.
import { For, type JSX, Match, Show, Switch } from 'solid-js';
import type { AlertRow } from '../../bindings/AlertRow';
import { LimitRing } from '../../components/limit-ring';
import { NotificationsUnavailable } from '../../components/notifications-unavailable';
import { SanitizedText } from '../../components/sanitized-text';
import { LoadError } from '../../components/status-notes';
import { useClock, useHost, useRouting, useSnapshot, useSnapshotStore } from '../../lib/contexts';
import { refetchOnRevision } from '../../lib/query';
import { sanitizeTitle } from '../../lib/sanitize';
import { formatAgo, formatDateTime } from '../../lib/time';
import { text } from '../../strings';
import { type AlertHistory, createAlertHistory } from './alert-history';
import { PauseControl } from './pause-control';
import './alerts.css';

export function AlertsPage(): JSX.Element {
  const snapshot = useSnapshot();
  const store = useSnapshotStore();
  const status = () => snapshot().alerts;
  const history = createAlertHistory(useHost(), status, () => void store.refresh());
  refetchOnRevision(snapshot, () => history.failure() !== null, () => history.refetch());
  return (
    <div class="alerts">
      <Show when={status().unavailable}>
        {(reason) => <NotificationsUnavailable reason={reason()} hint={text.alerts.unavailableHint} />}
      </Show>
      <PauseControl status={status()} />
      <AlertList history={history} />
    </div>
  );
}

function AlertList(props: { history: AlertHistory }): JSX.Element {
  const routing = useRouting();
  const rows = () => props.history.rows();
  let list!: HTMLUListElement;
  /** Loads older alerts and moves the focus to the first of them, because the button may disappear. */
  const showOlder = async () => {
    const previousCount = rows()?.length ?? 0;
    await props.history.loadMore();
    list.querySelectorAll<HTMLElement>('.alert-item').item(previousCount)?.focus();
  };
  return (
    <Switch>
      <Match when={rows()?.length === 0}>
        <section class="placeholder" data-testid="no-alerts">
          <LimitRing share={null} label={text.alerts.none} />
          <h2>{text.alerts.none}</h2>
          <p>{text.alerts.noneHint}</p>
          <button type="button" class="button" onClick={() => routing.go({ page: 'settings' })}>
            {text.alerts.openSettings}
          </button>
        </section>
      </Match>
      <Match when={rows()}>
        {(alerts) => (
          <>
            <ul ref={(element) => (list = element)} role="list" aria-label={text.alerts.list}>
              <For each={alerts()}>{(alert) => <AlertItem alert={alert} />}</For>
            </ul>
            <Show when={props.history.hasMore()}>
              <div class="list-note">
                <button type="button" class="button" data-testid="more-alerts" onClick={() => void showOlder()}>
                  {text.alerts.showOlder}
                </button>
              </div>
            </Show>
          </>
        )}
      </Match>
      <Match when={props.history.failure()}>
        {(failure) => <LoadError message={text.alerts.failed} failure={failure()} onRetry={() => props.history.refetch()} />}
      </Match>
      <Match when={rows() === null}>
        <p class="list-note text-muted">{text.alerts.loading}</p>
      </Match>
    </Switch>
  );
}

function AlertItem(props: { alert: AlertRow }): JSX.Element {
  const routing = useRouting();
  const { now, zone } = useClock();
  const delivery = () => text.alerts.delivery[props.alert.fate];
  return (
    <li data-testid="alert">
      <button type="button" class="alert-item" onClick={() => routing.go(props.alert.route)}>
        <span class="list-item__top">
          <span class="alert-item__title" title={sanitizeTitle(props.alert.title)}>
            <SanitizedText value={props.alert.title} />
          </span>
          <time class="caption" datetime={props.alert.at} title={formatDateTime(props.alert.at, zone())}>
            {formatAgo(props.alert.at, now(), zone())}
          </time>
        </span>
        <span class="alert-item__body">
          <SanitizedText value={props.alert.body} />
        </span>
        <span class="alert-item__footer caption">
          <SanitizedText value={props.alert.cause} />
          <span class="alert-item__delivery" title={text.alerts.deliveryTitle[props.alert.fate]}>
            {props.alert.isTest ? `${delivery()}, ${text.alerts.test}` : delivery()}
          </span>
        </span>
      </button>
    </li>
  );
}
