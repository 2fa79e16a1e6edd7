// What was told, and what was kept back: past alerts, the latest first, each a way to the page it is about.
// Looking at them here is seeing them. It refuses to repeat the rules: those stand with the settings.
import { For, Match, Show, Switch, type JSX } from 'solid-js';
import type { AlertRow } from '../bindings/AlertRow';
import { createPast, type PastAlerts } from '../alerts/past';
import { PauseControl } from '../alerts/pause';
import { Unavailable } from '../alerts/unavailable';
import { followChanges } from '../asked';
import { Unreadable } from '../parts/asked-notes';
import { Plain } from '../parts/plain';
import { Ring } from '../parts/ring';
import { plainTitle } from '../plain';
import { text } from '../text';
import { ago, moment } from '../time';
import type { PageProps } from './pages';

export function AlertsPage(props: PageProps): JSX.Element {
  const status = () => props.snapshot.alerts;
  const past = createPast(props.host, status, () => props.refresh());
  followChanges(() => props.snapshot, () => past.failure() !== null, () => past.ask());
  return (
    <div class="alerts">
      <Show when={status().unavailable}>{(why) => <Unavailable why={why()} hint={text.alertsPage.unavailableHint} />}</Show>
      <PauseControl
        status={status()}
        host={props.host}
        now={props.now}
        zone={props.snapshot.zone}
        paused={() => props.refresh()}
      />
      <List {...props} past={past} />
    </div>
  );
}

function List(props: PageProps & { past: PastAlerts }): JSX.Element {
  const rows = () => props.past.rows();
  let list!: HTMLUListElement;
  /** The button goes with the last of them: the keyboard goes on with the first that came. */
  const showMore = async () => {
    const before = rows()?.length ?? 0;
    await props.past.showMore();
    list.querySelectorAll<HTMLElement>('.alert').item(before)?.focus();
  };
  return (
    <Switch>
      <Match when={rows()?.length === 0}>
        <section class="face" data-testid="no-alerts">
          <Ring share={null} label={text.alertsPage.none} />
          <h2>{text.alertsPage.none}</h2>
          <p>{text.alertsPage.noneHint}</p>
          <button type="button" class="button" onClick={() => props.go({ page: 'settings' })}>
            {text.alertsPage.toSettings}
          </button>
        </section>
      </Match>
      <Match when={rows()}>
        {(past) => (
          <>
            <ul ref={(element) => (list = element)} role="list" aria-label={text.alertsPage.list}>
              <For each={past()}>
                {(alert) => <Alert alert={alert} now={props.now} zone={props.snapshot.zone} go={() => props.go(alert.route)} />}
              </For>
            </ul>
            <Show when={props.past.more()}>
              <div class="list-note">
                <button type="button" class="button" data-testid="more-alerts" onClick={() => void showMore()}>
                  {text.alertsPage.more}
                </button>
              </div>
            </Show>
          </>
        )}
      </Match>
      <Match when={props.past.failure()}>
        {(failure) => <Unreadable words={text.alertsPage.failed} failure={failure()} again={() => props.past.ask()} />}
      </Match>
      <Match when={rows() === null}>
        <p class="list-note dim">{text.alertsPage.loading}</p>
      </Match>
    </Switch>
  );
}

function Alert(props: { alert: AlertRow; now: number; zone: string; go: () => void }): JSX.Element {
  const fate = () => text.alertsPage.fate[props.alert.fate];
  return (
    <li data-testid="alert">
      <button type="button" class="alert" onClick={() => props.go()}>
        <span class="line-top">
          <span class="alert-title" title={plainTitle(props.alert.title)}>
            <Plain value={props.alert.title} />
          </span>
          <time class="note" datetime={props.alert.at} title={moment(props.alert.at, props.zone)}>
            {ago(props.alert.at, props.now, props.zone)}
          </time>
        </span>
        <span class="alert-body">
          <Plain value={props.alert.body} />
        </span>
        <span class="alert-foot note">
          <Plain value={props.alert.cause} />
          <span class="alert-fate" title={text.alertsPage.fateTitle[props.alert.fate]}>
            {props.alert.isTest ? `${fate()}, ${text.alertsPage.test}` : fate()}
          </span>
        </span>
      </button>
    </li>
  );
}
