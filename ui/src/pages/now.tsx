// The page looked at fifty times a day: today's total first, then what remains of the block, then the rest in order of use.
// It refuses to compute: every figure is the engine's, only shares and words are made here.
import { Index, Show, type JSX } from 'solid-js';
import type { Snapshot } from '../bindings/Snapshot';
import { Block } from '../now/block';
import { Burn } from '../now/burn';
import { Kinds, Today } from '../now/today';
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
      <Today today={props.snapshot.today} />
      <Block snapshot={props.snapshot} now={props.now} />
      <Windows snapshot={props.snapshot} now={props.now} />
      <Burn burn={props.snapshot.burnRate} />
      <Kinds today={props.snapshot.today} />
      <Recent snapshot={props.snapshot} now={props.now} />
    </div>
  );
}

function Recent(props: NowProps): JSX.Element {
  const shown = () => props.snapshot.recentSessions.slice(0, RECENT);
  const heading = () => (shown().some((session) => session.isActive) ? text.active : text.recent);
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
