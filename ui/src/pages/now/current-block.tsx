// The current block: time left, used share of the limit, and projection. Its provenance is shown once; a line with the
// same provenance repeats it only for screen readers. Without a known limit the ring shows the block's tokens.
import { type JSX, Show } from 'solid-js';
import type { BillingBlock } from '../../bindings/BillingBlock';
import type { Provenance } from '../../bindings/Provenance';
import type { LimitUse } from '../../bindings/LimitUse';
import type { Snapshot } from '../../bindings/Snapshot';
import { LabeledFigure } from '../../components/labeled-figure';
import { LimitRing } from '../../components/limit-ring';
import { useClock, useSnapshot } from '../../lib/contexts';
import { formatCompact, formatCompactRange, formatPercent, formatPercentRange } from '../../lib/format';
import { limitLevel } from '../../lib/limit-level';
import { limitText, provenanceText, usedText } from '../../lib/limit-text';
import { officialBlockQuota } from '../../lib/quota';
import { formatTimeLeft, formatUpcoming } from '../../lib/time';
import { text } from '../../strings';

interface OpenBlockProps {
  block: BillingBlock;
}

export function CurrentBlock(): JSX.Element {
  const snapshot = useSnapshot();
  return (
    <section class="current-block" aria-label={text.now.block}>
      <Show when={snapshot().currentBlock} fallback={<NoBlock />}>
        {(block) => (
          <>
            <div class="current-block__head">
              <BlockRing block={block()} />
              <BlockFacts block={block()} />
            </div>
            <BlockOutlook block={block()} />
          </>
        )}
      </Show>
    </section>
  );
}

/** The ring. The level is shown below the share unless it is calm. */
function BlockRing(props: OpenBlockProps): JSX.Element {
  const snapshot = useSnapshot();
  const { now, zone } = useClock();
  const use = () => snapshot().blockUse;
  const tokens = () => formatCompact(props.block.tokensUsed);
  const quota = () => officialBlockQuota(snapshot());
  const percent = () => use()?.usedPercent ?? null;
  const level = () => limitLevel(percent() ?? 0);
  const content = () => {
    const current = percent();
    return current === null ? tokens() : formatPercent(current / 100);
  };
  const label = () => {
    const current = use();
    if (current === null) return text.now.usedOfUnknownLimit(text.tokensWithLabel(tokens(), text.provenance.measured));
    return text.now.ring(usedText(current), text.limitLevel[level()], provenanceText(current, quota(), now(), zone()));
  };
  return (
    <LimitRing
      share={percent() === null ? null : (percent() ?? 0) / 100}
      level={level()}
      isStale={quota()?.isStale ?? false}
      label={label()}
      isLong={use() === null || (percent() ?? 0) >= 1_000}
      isFigure
    >
      {content()}
      <Show when={level() !== 'calm'}>
        <span class={`limit-level limit-level--${level()}`} data-testid="block-level">
          {text.limitLevel[level()]}
        </span>
      </Show>
    </LimitRing>
  );
}

function BlockFacts(props: OpenBlockProps): JSX.Element {
  const snapshot = useSnapshot();
  const { now, zone } = useClock();
  const timeLeft = () => formatTimeLeft(Date.parse(props.block.endTime) - now());
  const resets = () => text.now.resets(formatUpcoming(props.block.endTime, now(), zone()));
  return (
    <div class="current-block__facts">
      <p class="current-block__time">
        <LabeledFigure label={text.blockSource[props.block.source]} labelTitle={text.blockSourceTitle[props.block.source]}>
          <strong class="current-block__time-left" data-testid="block-left">
            {timeLeft()}
          </strong>{' '}
          <span class="text-muted">{resets()}</span>
        </LabeledFigure>
      </p>
      <Show when={snapshot().blockUse}>{(use) => <BlockLimit block={props.block} use={use()} />}</Show>
    </div>
  );
}

/** The limit the ring's share refers to. */
function BlockLimit(props: OpenBlockProps & { use: LimitUse }): JSX.Element {
  const snapshot = useSnapshot();
  const { now, zone } = useClock();
  const quota = () => officialBlockQuota(snapshot());
  const provenance = () => provenanceText(props.use, quota(), now(), zone());
  const origin = () => {
    const row = quota();
    return row === null ? undefined : text.quotaOrigin[row.origin];
  };
  return (
    <p class="current-block__limit text-muted" data-testid="block-use">
      <LabeledFigure label={provenance()} labelTitle={origin()} title={text.limitBasisTitle[props.use.basis]} hideLabel={provenance() === text.provenance[props.block.label]}>
        {limitText(props.use)}
      </LabeledFigure>
    </p>
  );
}

/** The projection at the reset, the time the limit runs out, usage elsewhere, and the cost limit. */
function BlockOutlook(props: OpenBlockProps): JSX.Element {
  const snapshot = useSnapshot();
  const { now, zone } = useClock();
  const use = () => snapshot().blockUse;
  const elsewhere = () => use()?.elsewherePercent ?? null;
  const runsOutAt = () => ((use()?.usedPercent ?? 0) < 100 ? (use()?.runsOutAt ?? null) : null);
  return (
    <ul class="current-block__outlook">
      <Show when={projectionText(snapshot())}>
        {(range) => (
          <OutlookLine testid="pace" label={text.provenance.estimated} blockLabel={props.block.label}>
            {text.now.projection(range())}
          </OutlookLine>
        )}
      </Show>
      <Show when={runsOutAt()}>
        {(at) => (
          <OutlookLine testid="runs-out" label={text.provenance.estimated} blockLabel={props.block.label}>
            {text.now.runsOut(formatUpcoming(at(), now(), zone()))}
          </OutlookLine>
        )}
      </Show>
      <Show when={elsewhere() !== null}>
        <OutlookLine testid="elsewhere" label={text.provenance.estimated} blockLabel={props.block.label} title={text.now.elsewhereTitle}>
          {text.now.elsewhere(formatPercent((elsewhere() ?? 0) / 100))}
        </OutlookLine>
      </Show>
      <Show when={snapshot().blockCostUse}>
        {(cost) => (
          <OutlookLine testid="cost-limit" label={costProvenance(cost())} blockLabel={props.block.label} title={text.limitBasisTitle[cost().basis]}>
            {text.now.costLimit(usedText(cost(), 'cost'))}
          </OutlookLine>
        )}
      </Show>
    </ul>
  );
}

interface OutlookLineProps {
  testid: string;
  label: string;
  /** The provenance of the block's times; an equal label is visually hidden. */
  blockLabel: Provenance;
  title?: string;
  children: JSX.Element;
}

function OutlookLine(props: OutlookLineProps): JSX.Element {
  return (
    <li>
      <LabeledFigure label={props.label} hideLabel={props.label === text.provenance[props.blockLabel]} title={props.title} testid={props.testid}>
        {props.children}
      </LabeledFigure>
    </li>
  );
}

/** Returns the projection in percent of the limit; in tokens if no limit is known. */
function projectionText(snapshot: Snapshot): string | null {
  const tokens = snapshot.projectedTokens;
  if (snapshot.blockUse === null) return tokens && text.tokens(formatCompactRange(tokens.low, tokens.high));
  const percent = snapshot.blockUse.projectedPercent;
  return percent && formatPercentRange(percent.low, percent.high);
}

/** Returns the provenance of a cost limit. A limit set in dollars needs no API-equivalent label. */
function costProvenance(use: LimitUse): string {
  const label = text.provenance[use.label];
  return use.basis === 'number' ? label : `${text.apiEquivalent}, ${label}`;
}

function NoBlock(): JSX.Element {
  return (
    <div class="current-block__head">
      <LimitRing share={null} label={text.now.noOpenBlock} />
      <div class="current-block__facts">
        <p class="current-block__time-left" data-testid="block-left">
          {text.now.noBlock}
        </p>
        <p class="text-muted">{text.now.noBlockHint}</p>
      </div>
    </div>
  );
}
