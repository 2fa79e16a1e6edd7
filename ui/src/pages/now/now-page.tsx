// The Now page: the current block, quota windows, burn rate, today and recent sessions. All figures come from the
// engine.
import { Index, type JSX, Show } from 'solid-js';
import { CardLink } from '../../components/card-link';
import { SessionSummary } from '../../components/session-summary';
import { useRouting, useSnapshot } from '../../lib/contexts';
import { createIsWide } from '../../lib/media-query';
import { text } from '../../strings';
import { BurnRateSection } from './burn-rate';
import { CurrentBlock } from './current-block';
import { LimitsOffer } from './limits-offer';
import { NowYear } from './now-year';
import { Today, TodayByKind } from './today';
import './now.css';

/** The maximum number of sessions; the Sessions page has all. */
const MAX_RECENT = 3;

export function NowPage(): JSX.Element {
  const isWide = createIsWide();
  return (
    <div class="now">
      <CurrentBlock />
      <LimitsOffer />
      <div class="now__pair">
        <BurnRateSection />
        <Today />
      </div>
      <RecentSessions />
      <TodayByKind />
      <Show when={isWide()}>
        <NowYear />
      </Show>
    </div>
  );
}

/** The active sessions, otherwise the latest ones. Each opens on the Sessions page. */
function RecentSessions(): JSX.Element {
  const snapshot = useSnapshot();
  const routing = useRouting();
  const active = () => snapshot().recentSessions.filter((session) => session.isActive);
  const shown = () => (active().length > 0 ? active() : snapshot().recentSessions).slice(0, MAX_RECENT);
  const heading = () => (active().length > 0 ? text.now.activeSessions : text.now.recentSessions);
  return (
    <Show when={shown().length > 0}>
      <section class="recent-sessions" aria-labelledby="recent-heading">
        <h2 class="page-section" id="recent-heading">
          <CardLink to={{ page: 'sessions' }} testid="open-sessions">
            {heading()}
          </CardLink>
        </h2>
        <ul class="card card--rows">
          <Index each={shown()}>
            {(session) => (
              <li data-testid="recent-session">
                <button type="button" class="list-item list-item--button session-summary" onClick={() => routing.go({ page: 'session', sessionId: session().sessionId })}>
                  <SessionSummary session={session()} />
                </button>
              </li>
            )}
          </Index>
        </ul>
      </section>
    </Show>
  );
}
