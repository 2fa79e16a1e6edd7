// The Now page: the current block, quota windows, burn rate, today and recent sessions. All figures come from the
// engine.
import { Index, type JSX, Show } from 'solid-js';
import { SessionSummary } from '../../components/session-summary';
import { useSnapshot } from '../../lib/contexts';
import { text } from '../../strings';
import { BurnRateSection } from './burn-rate';
import { CurrentBlock } from './current-block';
import { QuotaWindows } from './quota-windows';
import { Today } from './today';
import './now.css';

/** The maximum number of sessions; more would need scrolling. */
const MAX_RECENT = 3;

export function NowPage(): JSX.Element {
  return (
    <div class="now">
      <CurrentBlock />
      <QuotaWindows />
      <BurnRateSection />
      <Today />
      <RecentSessions />
    </div>
  );
}

function RecentSessions(): JSX.Element {
  const snapshot = useSnapshot();
  const active = () => snapshot().recentSessions.filter((session) => session.isActive);
  const shown = () => (active().length > 0 ? active() : snapshot().recentSessions).slice(0, MAX_RECENT);
  const heading = () => (active().length > 0 ? text.now.activeSessions : text.now.recentSessions);
  return (
    <Show when={shown().length > 0}>
      <section class="recent-sessions" aria-labelledby="recent-heading">
        <div class="section-header">
          <h2 id="recent-heading">{heading()}</h2>
          <span class="provenance">{text.provenance.measured}</span>
        </div>
        <ul>
          <Index each={shown()}>
            {(session) => (
              <li class="list-item" data-testid="recent-session">
                <SessionSummary session={session()} />
              </li>
            )}
          </Index>
        </ul>
      </section>
    </Show>
  );
}
