// The page looked at fifty times a day: what remains of the block leads, then the week, the pace, today, and who is at work.
// It refuses to compute: every figure is the engine's, only shares and words are made here.
import { Index, Show, type JSX } from 'solid-js';
import type { Snapshot } from '../bindings/Snapshot';
import { Block } from '../now/block';
import { Burn } from '../now/burn';
import { Today } from '../now/today';
import { Windows } from '../now/windows';
import { SessionLine } from '../parts/session-line';
import { text } from '../text';

/** More would push the list below the fold. */
const RECENT = 3;

interface NowProps {
  snapshot: Snapshot;
  now: number;
}

export function NowPage(props: NowProps): JSX.Element {
  return (
    <div class="now">
      <Block snapshot={props.snapshot} now={props.now} />
      <Windows snapshot={props.snapshot} now={props.now} />
      <Burn snapshot={props.snapshot} />
      <Today today={props.snapshot.today} compared={props.snapshot.compared} />
      <Recent snapshot={props.snapshot} now={props.now} />
    </div>
  );
}

function Recent(props: NowProps): JSX.Element {
  const active = () => props.snapshot.recentSessions.filter((session) => session.isActive);
  const shown = () => (active().length > 0 ? active() : props.snapshot.recentSessions).slice(0, RECENT);
  const heading = () => (active().length > 0 ? text.active : text.recent);
  return (
    <Show when={shown().length > 0}>
      <section class="recent" aria-labelledby="recent-heading">
        <div class="headed">
          <h2 id="recent-heading">{heading()}</h2>
          <span class="label">{text.label.measured}</span>
        </div>
        <ul>
          <Index each={shown()}>
            {(session) => (
              <li class="line" data-testid="recent-session">
                <SessionLine session={session()} zone={props.snapshot.zone} now={props.now} />
              </li>
            )}
          </Index>
        </ul>
      </section>
    </Show>
  );
}
