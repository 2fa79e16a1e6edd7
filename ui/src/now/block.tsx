// The current block: what is left of it, how much of its limit is used, and where that will go.
// It refuses to name a share where no limit is known; then the block's tokens stand in the ring.
import { Show, type JSX } from 'solid-js';
import type { BillingBlock } from '../bindings/BillingBlock';
import type { LimitUse } from '../bindings/LimitUse';
import type { Snapshot } from '../bindings/Snapshot';
import { compact, compactRange, exact, percentRange, share } from '../format';
import { fullness } from '../fullness';
import { Labelled } from '../parts/labelled';
import { Ring } from '../parts/ring';
import { shareLabel, usedWords } from '../parts/share';
import { toldOfBlock } from '../quota';
import { text } from '../text';
import { remaining, upcoming } from '../time';

interface BlockProps {
  snapshot: Snapshot;
  now: number;
}

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
            <Outlook {...props} />
          </>
        )}
      </Show>
    </section>
  );
}

function UsedRing(props: BlockProps & { block: BillingBlock }): JSX.Element {
  const used = () => props.snapshot.blockUse;
  const tokens = () => compact(props.block.tokensUsed);
  const told = () => toldOfBlock(props.snapshot);
  const percent = () => used()?.usedPercent ?? null;
  const words = () => {
    const use = used();
    if (use === null) return text.noLimit(text.tokensLabelled(tokens(), text.label.measured));
    return text.ring(usedWords(use), text.fullness[fullness(use.usedPercent)], shareLabel(use, told(), props.now, props.snapshot.zone));
  };
  return (
    <Ring
      share={percent() === null ? null : (percent() ?? 0) / 100}
      level={fullness(percent() ?? 0)}
      old={told()?.isStale ?? false}
      label={words()}
      long={(percent() ?? 0) >= 1_000}
      figure
    >
      <Show when={used()} fallback={tokens()}>
        {(use) => share(use().usedPercent / 100)}
      </Show>
    </Ring>
  );
}

function Facts(props: BlockProps & { block: BillingBlock }): JSX.Element {
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
      <Show when={props.snapshot.blockUse}>{(use) => <Used {...props} use={use()} />}</Show>
      <p class="dim" title={text.tokens(exact(props.block.tokensUsed))}>
        <Labelled label={text.label.measured}>
          <span data-testid="block-tokens">{text.tokens(compact(props.block.tokensUsed))}</span>
        </Labelled>
      </p>
    </div>
  );
}

/** How full it is stands beside the share from the first step on: calm goes without saying. */
function Used(props: BlockProps & { use: LimitUse }): JSX.Element {
  const level = () => fullness(props.use.usedPercent);
  const told = () => toldOfBlock(props.snapshot);
  const teller = () => {
    const row = told();
    return row === null ? undefined : text.origin[row.origin];
  };
  return (
    <p class="dim" data-testid="block-use">
      <Labelled
        label={shareLabel(props.use, told(), props.now, props.snapshot.zone)}
        labelTitle={teller()}
        title={text.basisTitle[props.use.basis]}
      >
        {usedWords(props.use)}
        <Show when={level() !== 'calm'}>
          {', '}
          <span class={`fullness fullness-${level()}`}>{text.fullness[level()]}</span>
        </Show>
      </Labelled>
    </p>
  );
}

/** Where it will stand at its end, when it runs out, what was used elsewhere, and the limit on cost. */
function Outlook(props: BlockProps): JSX.Element {
  const use = () => props.snapshot.blockUse;
  const elsewhere = () => use()?.elsewherePercent ?? null;
  const out = () => ((use()?.usedPercent ?? 0) < 100 ? (use()?.runsOutAt ?? null) : null);
  return (
    <ul class="outlook">
      <Show when={projected(props.snapshot)}>
        {(range) => (
          <Line testid="pace" label={text.label.estimated}>
            {text.pace(range())}
          </Line>
        )}
      </Show>
      <Show when={out()}>
        {(at) => (
          <Line testid="runs-out" label={text.label.estimated}>
            {text.runsOut(upcoming(at(), props.now, props.snapshot.zone))}
          </Line>
        )}
      </Show>
      <Show when={elsewhere() !== null}>
        <Line testid="elsewhere" label={text.label.estimated} title={text.elsewhereTitle}>
          {text.elsewhere(share((elsewhere() ?? 0) / 100))}
        </Line>
      </Show>
      <Show when={props.snapshot.blockCostUse}>
        {(cost) => (
          <Line testid="cost-limit" label={costLabel(cost())} title={text.basisTitle[cost().basis]}>
            {text.costLimit(usedWords(cost(), 'cost'))}
          </Line>
        )}
      </Show>
    </ul>
  );
}

function Line(props: { testid: string; label: string; title?: string; children: JSX.Element }): JSX.Element {
  return (
    <li>
      <Labelled label={props.label} title={props.title} testid={props.testid}>
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
