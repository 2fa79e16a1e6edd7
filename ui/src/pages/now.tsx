// The page looked at fifty times a day: today's total first, then what remains of the block, then the rest in order of use.
// It refuses to compute: every figure is the engine's, only shares and words are made here.
import { Index, Show, type JSX } from 'solid-js';
import type { BillingBlock } from '../bindings/BillingBlock';
import type { Snapshot } from '../bindings/Snapshot';
import { compact, dollars, exact, share } from '../format';
import { total } from '../kinds';
import { Figure } from '../parts/figure';
import { KindBar } from '../parts/kinds';
import { Level } from '../parts/level';
import { Ring } from '../parts/ring';
import { SessionLine } from '../parts/session-line';
import { text } from '../text';
import { clock, elapsed, remaining } from '../time';

/** More would push the list below the fold. */
const RECENT = 3;

interface NowProps {
  snapshot: Snapshot;
  now: number;
}

export function NowPage(props: NowProps): JSX.Element {
  return (
    <div class="now">
      <Today snapshot={props.snapshot} />
      <Block snapshot={props.snapshot} now={props.now} />
      <Burn snapshot={props.snapshot} />
      <Kinds snapshot={props.snapshot} />
      <Recent snapshot={props.snapshot} now={props.now} />
    </div>
  );
}

function Today(props: { snapshot: Snapshot }): JSX.Element {
  const today = () => props.snapshot.today;
  return (
    <section class="today" aria-labelledby="today-heading">
      <h2 id="today-heading">{text.today}</h2>
      <p class="lead">
        <Figure value={today().totalTokens} /> <span class="unit">{text.tokensToday}</span>
      </p>
      <p class="dim">
        {text.messages(exact(today().messageCount), today().messageCount)}
        <Show when={today().totalCost !== null}>
          {' · '}
          <span class="cost" data-testid="today-cost">
            {text.cost(dollars(today().totalCost ?? 0))}
          </span>
        </Show>
      </p>
    </section>
  );
}

function Block(props: NowProps): JSX.Element {
  return (
    <section class="block" aria-label={text.block}>
      <Show when={props.snapshot.currentBlock} fallback={<NoBlock />}>
        {(block) => <OpenBlock block={block()} zone={props.snapshot.zone} now={props.now} />}
      </Show>
    </section>
  );
}

function OpenBlock(props: { block: BillingBlock; zone: string; now: number }): JSX.Element {
  const part = () => elapsed(props.block.startTime, props.block.endTime, props.now);
  const left = () => remaining(Date.parse(props.block.endTime) - props.now);
  return (
    <>
      <Ring share={part()} label={text.elapsed(share(part()))}>
        {share(part())}
      </Ring>
      <div class="block-facts">
        <p class="block-left" data-testid="block-left">
          {left()}
        </p>
        <p class="dim">
          {text.resets(clock(props.block.endTime, props.zone))} ·{' '}
          <span title={text.sourceTitle[props.block.source]}>{text.source[props.block.source]}</span>
        </p>
        <p class="dim" title={text.tokens(exact(props.block.tokensUsed))}>
          <span data-testid="block-tokens">{text.inBlock(compact(props.block.tokensUsed))}</span>
        </p>
      </div>
    </>
  );
}

function NoBlock(): JSX.Element {
  return (
    <>
      <Ring share={null} label={text.noRing} />
      <div class="block-facts">
        <p class="block-left" data-testid="block-left">
          {text.noBlock}
        </p>
        <p class="dim">{text.noBlockHint}</p>
      </div>
    </>
  );
}

function Burn(props: { snapshot: Snapshot }): JSX.Element {
  const burn = () => props.snapshot.burnRate;
  return (
    <section class="burn" aria-labelledby="burn-heading">
      <h2 id="burn-heading">{text.burn}</h2>
      <Level level={burn().level} rate={burn().tokensPerMinute} />
      <p class="burn-rate" data-testid="burn-rate">
        {text.perMinute(exact(burn().tokensPerMinute))}
      </p>
    </section>
  );
}

function Kinds(props: { snapshot: Snapshot }): JSX.Element {
  return (
    <section class="kinds" aria-label={text.kinds.heading}>
      <Show when={total(props.snapshot.today) > 0} fallback={<p class="dim">{text.kinds.none}</p>}>
        <KindBar counts={props.snapshot.today} />
      </Show>
    </section>
  );
}

function Recent(props: NowProps): JSX.Element {
  const shown = () => props.snapshot.recentSessions.slice(0, RECENT);
  const heading = () => (shown().some((session) => session.isActive) ? text.active : text.recent);
  return (
    <Show when={shown().length > 0}>
      <section class="recent" aria-labelledby="recent-heading">
        <h2 id="recent-heading">{heading()}</h2>
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
