// The rows of the block list: a block with its curve, and the quiet row of a gap.
import { type JSX, Show } from 'solid-js';
import type { BillingBlock } from '../../bindings/BillingBlock';
import { MiniBurnUp } from '../../charts/mini-burn-up';
import { CostCell } from '../../components/cost';
import { LabeledFigure } from '../../components/labeled-figure';
import { OfficialSign } from '../../components/provenance-sign';
import { useClock } from '../../lib/contexts';
import { formatCompact, formatNumber } from '../../lib/format';
import { sanitizeName, sanitizeTitle, shortModelName } from '../../lib/sanitize';
import { formatClock } from '../../lib/time';
import { text } from '../../strings';
import { findHighlight, type Highlight } from './block-chart-layout';
import type { BlockStats } from './block-history';
import { blockCost, blockDuration, PeakRate } from './block-readout';

export function GapRow(props: { row: BillingBlock }): JSX.Element {
  return <time class="block-list__gap">{text.blocks.idleFor(blockDuration(props.row))}</time>;
}

/** A block: its times and messages, its curve, and its tokens and cost. Official times have their sign. */
export function BlockRow(props: { row: BillingBlock; stats: BlockStats }): JSX.Element {
  const { now } = useClock();
  const [start, end] = [() => Date.parse(props.row.startTime), () => Date.parse(props.row.endTime)];
  const highlight = () => findHighlight(props.row, props.stats);
  return (
    <span class="block-row" classList={{ 'block-row--above-usual': highlight() !== null }}>
      <span class="list-item__top block-row__times">
        <BlockTimes row={props.row} />
      </span>
      <span class="list-item__facts block-row__facts">
        <BlockFacts row={props.row} highlight={highlight()} />
      </span>
      <MiniBurnUp steps={props.row.curve} length={end() - start()} elapsed={Math.max(0, now() - start())} top={curveTop(props.row, props.stats)} />
      <LabeledFigure class="list-item__total block-row__total" label={text.provenance.measured} title={text.tokens(formatNumber(props.row.tokensUsed))}>
        {formatCompact(props.row.tokensUsed)}
      </LabeledFigure>
      <span class="list-item__cost block-row__cost">
        <CostCell cost={blockCost(props.row)} />
      </span>
    </span>
  );
}

/** Returns the value of the top line, which all curves share: the largest completed block, unless this one is larger. */
const curveTop = (row: BillingBlock, { largestTokens }: BlockStats) => Math.max(largestTokens ?? 0, row.tokensUsed);

function BlockTimes(props: { row: BillingBlock }): JSX.Element {
  const { zone } = useClock();
  return (
    <span class="list-item__name">
      <time datetime={props.row.startTime} title={text.blockSourceTitle[props.row.source]}>
        {text.range(formatClock(props.row.startTime, zone()), formatClock(props.row.endTime, zone()))}
      </time>
      <Show when={props.row.label !== 'estimated'}>
        <OfficialSign />
      </Show>
      <span class="visually-hidden">, {text.blockSource[props.row.source]}</span>
      <Show when={props.row.account}>{(account) => <span class="chip">{sanitizeName(account())}</span>}</Show>
    </span>
  );
}

function BlockFacts(props: { row: BillingBlock; highlight: Highlight | null }): JSX.Element {
  const models = () => props.row.models.map(shortModelName).join(', ');
  return (
    <>
      <Show when={props.highlight}>
        {(highlight) => (
          <LabeledFigure class="block-row__highlight" label={text.provenance.measured} testid="highlight">
            {text.blocks.highlight[highlight()]}
          </LabeledFigure>
        )}
      </Show>
      <LabeledFigure class="block-row__messages" label={text.provenance.measured}>
        {text.messages(formatNumber(props.row.messageCount), props.row.messageCount)}
      </LabeledFigure>
      <span class="block-row__peak">
        <PeakRate row={props.row} />
      </span>
      <span class="block-row__models" title={sanitizeTitle(props.row.models.join(', '))}>
        <bdi class="truncated">{sanitizeName(models() || text.sessions.noModel)}</bdi>
      </span>
    </>
  );
}
