// The current block: what is left of it, how much of its limit is used, and where that will go.
// Where its times come from is seen once; what comes from the same is only heard, what comes from elsewhere says so.
// It refuses to name a share where no limit is known; then the block's tokens stand in the ring.
import { Show, type JSX } from 'solid-js';
import type { BillingBlock } from '../bindings/BillingBlock';
import type { Label } from '../bindings/Label';
import type { LimitUse } from '../bindings/LimitUse';
import type { Snapshot } from '../bindings/Snapshot';
import { compact, compactRange, percentRange, share } from '../format';
import { fullness } from '../fullness';
import { Labelled } from '../parts/labelled';
import { Ring } from '../parts/ring';
import { limitWords, shareLabel, usedWords } from '../parts/share';
import { toldOfBlock } from '../quota';
import { text } from '../text';
import { remaining, upcoming } from '../time';

interface BlockProps {
  snapshot: Snapshot;
  now: number;
}

type OpenProps = BlockProps & { block: BillingBlock };

export function Block(props: BlockProps): JSX.Element {
  return (
    <section class="block" aria-label={text.block}>
      <Show when={props.snapshot.currentBlock} fallback={<NoBlock />}>
        {(block) => (
          <>
            <div class="block-head">
              <UsedRing {...props} block={block()} />
              <Facts {...props} block={block()} />
            </div>
            <Outlook {...props} block={block()} />
          </>
        )}
      </Show>
    </section>
  );
}

/** How full it is stands under the share from the first step on: calm goes without saying. */
function UsedRing(props: OpenProps): JSX.Element {
  const used = () => props.snapshot.blockUse;
  const tokens = () => compact(props.block.tokensUsed);
  const told = () => toldOfBlock(props.snapshot);
  const percent = () => used()?.usedPercent ?? null;
  const level = () => fullness(percent() ?? 0);
  const inside = () => {
    const whole = percent();
    return whole === null ? tokens() : share(whole / 100);
  };
  const words = () => {
    const use = used();
    if (use === null) return text.noLimit(text.tokensLabelled(tokens(), text.label.measured));
    return text.ring(usedWords(use), text.fullness[level()], shareLabel(use, told(), props.now, props.snapshot.zone));
  };
  return (
    <Ring
      share={percent() === null ? null : (percent() ?? 0) / 100}
      level={level()}
      old={told()?.isStale ?? false}
      label={words()}
      long={used() === null || (percent() ?? 0) >= 1_000}
      figure
    >
      {inside()}
      <Show when={level() !== 'calm'}>
        <span class={`fullness fullness-${level()}`} data-testid="block-level">
          {text.fullness[level()]}
        </span>
      </Show>
    </Ring>
  );
}

function Facts(props: OpenProps): JSX.Element {
  const left = () => remaining(Date.parse(props.block.endTime) - props.now);
  const resets = () => text.resets(upcoming(props.block.endTime, props.now, props.snapshot.zone));
  return (
    <div class="block-facts">
      <p class="block-time">
        <Labelled label={text.source[props.block.source]} labelTitle={text.sourceTitle[props.block.source]}>
          <strong class="block-left" data-testid="block-left">
            {left()}
          </strong>{' '}
          <span class="dim">{resets()}</span>
        </Labelled>
      </p>
      <Show when={props.snapshot.blockUse}>{(use) => <Limit {...props} use={use()} />}</Show>
    </div>
  );
}

/** What the ring's share is a share of. */
function Limit(props: OpenProps & { use: LimitUse }): JSX.Element {
  const told = () => toldOfBlock(props.snapshot);
  const said = () => shareLabel(props.use, told(), props.now, props.snapshot.zone);
  const teller = () => {
    const row = told();
    return row === null ? undefined : text.origin[row.origin];
  };
  return (
    <p class="block-limit dim" data-testid="block-use">
      <Labelled label={said()} labelTitle={teller()} title={text.basisTitle[props.use.basis]} heard={said() === text.label[props.block.label]}>
        {limitWords(props.use)}
      </Labelled>
    </p>
  );
}

/** Where it will stand at its end, when it runs out, what was used elsewhere, and the limit on cost. */
function Outlook(props: OpenProps): JSX.Element {
  const use = () => props.snapshot.blockUse;
  const elsewhere = () => use()?.elsewherePercent ?? null;
  const out = () => ((use()?.usedPercent ?? 0) < 100 ? (use()?.runsOutAt ?? null) : null);
  const of = () => props.block.label;
  return (
    <ul class="outlook">
      <Show when={projected(props.snapshot)}>
        {(range) => (
          <Line testid="pace" label={text.label.estimated} of={of()}>
            {text.pace(range())}
          </Line>
        )}
      </Show>
      <Show when={out()}>
        {(at) => (
          <Line testid="runs-out" label={text.label.estimated} of={of()}>
            {text.runsOut(upcoming(at(), props.now, props.snapshot.zone))}
          </Line>
        )}
      </Show>
      <Show when={elsewhere() !== null}>
        <Line testid="elsewhere" label={text.label.estimated} of={of()} title={text.elsewhereTitle}>
          {text.elsewhere(share((elsewhere() ?? 0) / 100))}
        </Line>
      </Show>
      <Show when={props.snapshot.blockCostUse}>
        {(cost) => (
          <Line testid="cost-limit" label={costLabel(cost())} of={of()} title={text.basisTitle[cost().basis]}>
            {text.costLimit(usedWords(cost(), 'cost'))}
          </Line>
        )}
      </Show>
    </ul>
  );
}

interface LineProps {
  testid: string;
  label: string;
  /** Where the block's times come from: what comes from the same is not said to the eye again. */
  of: Label;
  title?: string;
  children: JSX.Element;
}

function Line(props: LineProps): JSX.Element {
  return (
    <li>
      <Labelled label={props.label} heard={props.label === text.label[props.of]} title={props.title} testid={props.testid}>
        {props.children}
      </Labelled>
    </li>
  );
}

/** In per cent of the limit; in tokens where none is known. */
function projected(snapshot: Snapshot): string | null {
  const tokens = snapshot.projectedTokens;
  if (snapshot.blockUse === null) return tokens && text.tokens(compactRange(tokens.low, tokens.high));
  const percent = snapshot.blockUse.projectedPercent;
  return percent && percentRange(percent.low, percent.high);
}

/** A number of dollars says already what dollars these are. */
function costLabel(use: LimitUse): string {
  const said = text.label[use.label];
  return use.basis === 'number' ? said : `${text.apiEquivalent}, ${said}`;
}

function NoBlock(): JSX.Element {
  return (
    <div class="block-head">
      <Ring share={null} label={text.noRing} />
      <div class="block-facts">
        <p class="block-left" data-testid="block-left">
          {text.noBlock}
        </p>
        <p class="dim">{text.noBlockHint}</p>
      </div>
    </div>
  );
}
