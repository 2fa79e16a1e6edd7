// The current block: one leading figure, its share of the limit, the forecast, and the burn-up chart. Without an official
// or own limit, the block is compared with past blocks, and nothing is called a limit.
import { type JSX, Show } from 'solid-js';
import type { BillingBlock } from '../../bindings/BillingBlock';
import type { LimitUse } from '../../bindings/LimitUse';
import { Gauge } from '../../charts/gauge';
import { CardLink, openOnClick } from '../../components/card-link';
import { DurationFigure } from '../../components/duration-figure';
import { LabeledFigure } from '../../components/labeled-figure';
import { useClock, useRouting, useSnapshot } from '../../lib/contexts';
import { formatCompact, formatDollars, formatPercent, formatPercentRange } from '../../lib/format';
import { limitLevel } from '../../lib/limit-level';
import { exhaustionText, isLimit, provenanceText, shareBasisText, usedText } from '../../lib/limit-text';
import { sanitizeName } from '../../lib/sanitize';
import { officialBlockQuota } from '../../lib/quota';
import { formatAgo, formatDuration, formatUpcoming } from '../../lib/time';
import { text } from '../../strings';
import { BlockBurnUp } from './block-burn-up';
import { blockLead } from './block-lead';
import { QuotaWindows } from './quota-windows';

interface OpenBlockProps {
  block: BillingBlock;
}

export function CurrentBlock(): JSX.Element {
  const snapshot = useSnapshot();
  return (
    <section class="card current-block" aria-label={text.now.block}>
      <Show when={snapshot().currentBlock} fallback={<NoBlock />}>
        {(block) => <OpenBlock block={block()} />}
      </Show>
      <QuotaWindows />
    </section>
  );
}

function OpenBlock(props: OpenBlockProps): JSX.Element {
  const snapshot = useSnapshot();
  const use = () => snapshot().blockUse;
  const routing = useRouting();
  const isStale = () => officialBlockQuota(snapshot())?.isStale ?? false;
  const level = () => (isStale() ? 'stale' : limitLevel(use()?.usedPercent ?? 0));
  return (
    <div class={`current-block__main level--${level()}`} onClick={openOnClick(() => routing.go({ page: 'blocks' }))}>
      <Show when={props.block.account}>{(account) => <p class="caption">{sanitizeName(account())}</p>}</Show>
      <p class="row-between headline">
        <Lead block={props.block} />
        <BlockShare block={props.block} />
      </p>
      <p class="readout__details">
        <CardLink to={{ page: 'blocks' }} testid="open-blocks">
          <Timing block={props.block} />
        </CardLink>
        <Forecast />
      </p>
      <BlockGauge block={props.block} />
      <BlockBurnUp block={props.block} />
      <BlockNotes />
    </div>
  );
}

/** The leading figure: a time while there is a limit, otherwise the block's tokens. */
function Lead(props: OpenBlockProps): JSX.Element {
  const snapshot = useSnapshot();
  const { now } = useClock();
  const lead = () => blockLead(snapshot().blockUse);
  const untilReset = () => formatDuration(Date.parse(props.block.endTime) - now());
  const source = () => text.blockSource[props.block.source];
  const reachedAt = () => {
    const current = lead();
    return current.kind === 'toLimit' ? current.at : null;
  };
  return (
    <Show
      when={lead().kind !== 'tokens'}
      fallback={
        <LabeledFigure class="headline__figure" label={text.provenance.measured} testid="block-left">
          {formatCompact(props.block.tokensUsed)}
        </LabeledFigure>
      }
    >
      <Show
        when={reachedAt()}
        fallback={
          <LabeledFigure class="headline__figure" label={source()} title={text.blockSourceTitle[props.block.source]} sign={estimateOnly(props.block.label)} testid="block-left">
            <DurationFigure value={untilReset()} unit={lead().kind === 'reached' ? text.now.toReset : text.now.left} />
          </LabeledFigure>
        }
      >
        {(at) => (
          <LabeledFigure class="headline__figure level-text" label={text.provenance.estimated} sign="estimated" testid="block-left">
            <DurationFigure value={formatDuration(at() - now())} unit={text.now.toLimit} />
          </LabeledFigure>
        )}
      </Show>
    </Show>
  );
}

/** Official times have their sign at the share, estimated ones before the time. */
const estimateOnly = (label: BillingBlock['label']) => (label === 'estimated' ? label : undefined);

/** The share used, at the right of the leading figure. Without any share it is the block's cost. */
function BlockShare(props: OpenBlockProps): JSX.Element {
  const snapshot = useSnapshot();
  const { now, zone } = useClock();
  return (
    <Show when={snapshot().blockUse} fallback={<BlockCost block={props.block} />}>
      {(use) => (
        <span class="current-block__share" data-testid="block-use">
          <LabeledFigure
            label={provenanceText(use(), officialBlockQuota(snapshot()), now(), zone())}
            title={text.limitBasisTitle[use().basis]}
            sign={isLimit(use().basis) ? use().label : undefined}
          >
            <strong class="card__figure level-text">{formatPercent(use().usedPercent / 100)}</strong>
          </LabeledFigure>{' '}
          <span class="card__unit" data-figure>
            {shareBasisText(use())}
            <span class="visually-hidden">
              , {text.limitLevel[limitLevel(use().usedPercent)]}, {text.provenance[use().label]}
            </span>
          </span>
        </span>
      )}
    </Show>
  );
}

function BlockCost(props: OpenBlockProps): JSX.Element {
  return (
    <Show when={props.block.costUsd}>
      {(cost) => (
        <LabeledFigure class="card__figure" label={text.apiEquivalent} title={text.apiEquivalentTitle} testid="block-cost">
          {formatDollars(cost())}
        </LabeledFigure>
      )}
    </Show>
  );
}

/** When the block began or ends, below the leading figure. */
function Timing(props: OpenBlockProps): JSX.Element {
  const snapshot = useSnapshot();
  const { now, zone } = useClock();
  const lead = () => blockLead(snapshot().blockUse);
  const end = () => formatUpcoming(props.block.endTime, now(), zone());
  const source = () => text.blockSource[props.block.source];
  const start = () => formatUpcoming(props.block.startTime, now(), zone());
  const worksAgain = () => lead().kind === 'reached' && snapshot().blockUse?.basis === 'official';
  const reachedAt = () => {
    const current = lead();
    return current.kind === 'toLimit' ? current.at : null;
  };
  return (
    <span>
      <Show when={reachedAt()}>
        {(at) => (
          <>
            <LabeledFigure label={text.provenance.estimated} testid="runs-out">
              {text.now.runsOut(formatUpcoming(new Date(at()).toISOString(), now(), zone()))}
            </LabeledFigure>
            {' · '}
          </>
        )}
      </Show>
      <Show when={lead().kind !== 'tokens'} fallback={<time>{text.now.tokensSince(start())}</time>}>
        <LabeledFigure label={source()} title={text.blockSourceTitle[props.block.source]} sign={worksAgain() ? 'official' : undefined}>
          {worksAgain() ? text.now.worksAgain(end()) : text.now.resets((props.block.label === 'estimated' ? '~' : '') + end())}
        </LabeledFigure>
      </Show>
    </span>
  );
}

/** The range expected at the reset; the age of an outdated share; the end of a block without a limit. */
function Forecast(): JSX.Element {
  const snapshot = useSnapshot();
  const { now, zone } = useClock();
  const lead = () => blockLead(snapshot().blockUse).kind;
  const range = () => snapshot().blockUse?.projectedPercent ?? null;
  const staleQuota = () => {
    const quota = officialBlockQuota(snapshot());
    return quota?.isStale ? quota : null;
  };
  const block = () => snapshot().currentBlock;
  const possibleEnd = () => {
    const use = snapshot().blockUse;
    return use === null || use.runsOutAt === null ? null : exhaustionText(use, formatUpcoming(use.runsOutAt, now(), zone()));
  };
  return (
    <Show
      when={lead() !== 'tokens'}
      fallback={
        <Show when={block()}>
          {(current) => (
            <LabeledFigure label={text.blockSource[current().source]} title={text.blockSourceTitle[current().source]}>
              {text.now.blockEnds} {current().label === 'estimated' ? '~' : ''}
              {formatUpcoming(current().endTime, now(), zone())}
            </LabeledFigure>
          )}
        </Show>
      }
    >
      <Show
        when={staleQuota()}
        fallback={
          <Show when={lead() === 'left' && range()}>
            {(current) => (
              <span>
                <LabeledFigure label={text.provenance.estimated} sign="estimated" testid="pace">
                  {text.now.byThen(formatPercentRange(current().low, current().high))}
                </LabeledFigure>
                <Show when={possibleEnd()}>
                  {(words) => (
                    <>
                      {' · '}
                      <LabeledFigure label={text.provenance.estimated} testid="may-run-out">
                        {words()}
                      </LabeledFigure>
                    </>
                  )}
                </Show>
              </span>
            )}
          </Show>
        }
      >
        {(quota) => <time datetime={quota().readAt}>{text.now.asOf(formatAgo(quota().readAt, now(), zone()))}</time>}
      </Show>
    </Show>
  );
}

/** The bar of a limit. A comparison has none: its chart shows the usual maximum. */
function BlockGauge(props: OpenBlockProps): JSX.Element {
  const snapshot = useSnapshot();
  const { now, zone } = useClock();
  const use = (): LimitUse | null => {
    const current = snapshot().blockUse;
    return current !== null && isLimit(current.basis) ? current : null;
  };
  const quota = () => officialBlockQuota(snapshot());
  /** Nothing is forecast from an outdated share. */
  const isStale = () => quota()?.isStale ?? false;
  const label = (current: LimitUse) => text.now.gauge(usedText(current), text.limitLevel[limitLevel(current.usedPercent)], provenanceText(current, quota(), now(), zone()));
  const elapsed = () => {
    const [start, end] = [Date.parse(props.block.startTime), Date.parse(props.block.endTime)];
    return ((now() - start) / (end - start)) * 100;
  };
  return (
    <Show when={use()}>
      {(current) => (
        <div class="current-block__gauge">
          <Gauge
            used={current().usedPercent}
            expected={current().usedPercent < 100 && !isStale() ? current().projectedPercent : null}
            even={isStale() ? null : elapsed()}
            label={label(current())}
          />
        </div>
      )}
    </Show>
  );
}

/** Usage elsewhere, and the cost limit. */
function BlockNotes(): JSX.Element {
  const snapshot = useSnapshot();
  const elsewhere = () => snapshot().blockUse?.elsewherePercent ?? null;
  return (
    <ul class="current-block__notes">
      <Show when={elsewhere() !== null}>
        <li>
          <LabeledFigure label={text.provenance.estimated} title={text.now.elsewhereTitle} sign="estimated" testid="elsewhere">
            {text.now.elsewhere(formatPercent((elsewhere() ?? 0) / 100))}
          </LabeledFigure>
        </li>
      </Show>
      <Show when={snapshot().blockCostUse}>
        {(cost) => (
          <li>
            <LabeledFigure label={costProvenance(cost())} title={text.limitBasisTitle[cost().basis]} testid="cost-limit">
              {text.now.costLimit(usedText(cost(), 'cost'))}
            </LabeledFigure>
          </li>
        )}
      </Show>
    </ul>
  );
}

/** Returns the provenance of a cost limit. */
function costProvenance(use: LimitUse): string {
  return `${text.apiEquivalent}, ${text.provenance[use.label]}`;
}

function NoBlock(): JSX.Element {
  return (
    <div class="current-block__main">
      <p class="row-between headline">
        <span class="headline__figure headline__figure--muted" data-testid="block-left">
          {text.now.noBlock}
        </span>
      </p>
      <p class="readout__details">
        <span>{text.now.noBlockHint}</span>
      </p>
    </div>
  );
}
