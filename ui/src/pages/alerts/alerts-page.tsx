// The Alerts page: past alerts by day, latest first. Each opens the page it refers to. Showing the page marks them as seen.
import { createMemo, For, Index, type JSX, Match, Show, Switch } from 'solid-js';
import type { AlertRow } from '../../bindings/AlertRow';
import { AgentShape } from '../../components/agent-shape';
import { Bars, Calendar, Coin, Dial, Folder, Restart, RisingLine, Stop } from '../../components/icons';
import { LimitRing } from '../../components/limit-ring';
import { NotificationsUnavailable } from '../../components/notifications-unavailable';
import { SanitizedText } from '../../components/sanitized-text';
import { LoadError } from '../../components/status-notes';
import { formatDayHeading } from '../../lib/calendar-day';
import { useClock, useHost, useRouting, useSnapshot, useSnapshotStore } from '../../lib/contexts';
import { refetchOnRevision } from '../../lib/query';
import { sanitizeTitle } from '../../lib/sanitize';
import { formatClock, formatDateTime, formatIsoDay } from '../../lib/time';
import { text } from '../../strings';
import { type AlertIcon, alertLooks, groupAlertsByDay } from './alert-groups';
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
    <div class="page-stack alerts">
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
  let list!: HTMLDivElement;
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
            <div class="alerts__days" ref={(element) => (list = element)}>
              <AlertDays alerts={alerts()} />
            </div>
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

/** A card for each day. */
function AlertDays(props: { alerts: readonly AlertRow[] }): JSX.Element {
  const snapshot = useSnapshot();
  const { zone } = useClock();
  const days = createMemo(() => groupAlertsByDay(props.alerts, (at) => formatIsoDay(at, zone())));
  return (
    <Index each={days()}>
      {(group) => (
        <section aria-labelledby={`alerts-${group().day}`}>
          <h2 class="page-section" id={`alerts-${group().day}`}>
            <time datetime={group().day}>{group().day === snapshot().today.date ? text.today : formatDayHeading(group().day)}</time>
          </h2>
          <ul class="card card--rows" role="list">
            <For each={group().alerts}>{(alert) => <AlertItem alert={alert} />}</For>
          </ul>
        </section>
      )}
    </Index>
  );
}

const icons: Record<AlertIcon, () => JSX.Element> = {
  dial: Dial,
  line: RisingLine,
  bars: Bars,
  reset: Restart,
  stop: Stop,
  coin: Coin,
  folder: Folder,
  calendar: Calendar,
  waiting: () => <AgentShape state="waiting" isDecorative />,
};

function AlertItem(props: { alert: AlertRow }): JSX.Element {
  const routing = useRouting();
  const { zone } = useClock();
  const delivery = () => text.alerts.delivery[props.alert.fate];
  const look = () => alertLooks[props.alert.rule];
  return (
    <li data-testid="alert">
      <button type="button" class="bare-button alert-item" onClick={() => routing.go(props.alert.route)}>
        <span class={`alert-item__icon alert-item__icon--${look().urgency}`}>{icons[look().icon]()}</span>
        <span class="alert-item__title" title={sanitizeTitle(props.alert.title)}>
          <SanitizedText value={props.alert.title} />
        </span>
        <time class="tiny alert-item__time" datetime={props.alert.at} title={formatDateTime(props.alert.at, zone())}>
          {formatClock(props.alert.at, zone())}
        </time>
        <span class="alert-item__body caption">
          <SanitizedText value={props.alert.body} />
        </span>
        <span class="alert-item__footer tiny">
          <SanitizedText value={props.alert.cause} />
          <span class="alert-item__delivery" title={text.alerts.deliveryTitle[props.alert.fate]}>
            {props.alert.isTest ? `${delivery()}, ${text.alerts.test}` : delivery()}
          </span>
        </span>
      </button>
    </li>
  );
}
