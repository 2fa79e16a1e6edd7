// The details of the pointed block, otherwise of the latest. Their position is fixed, so that moving along the columns
// changes nothing but figures.
import { type JSX, Show } from 'solid-js';
import type { BillingBlock } from '../../bindings/BillingBlock';
import { Cost } from '../../components/cost';
import { LabeledFigure } from '../../components/labeled-figure';
import { OfficialSign } from '../../components/provenance-sign';
import { useClock } from '../../lib/contexts';
import { formatCompact, formatNumber } from '../../lib/format';
import { formatDuration, formatInterval } from '../../lib/time';
import { text } from '../../strings';
import type { Highlight } from './block-chart-layout';

interface ReadoutProps {
  row: BillingBlock;
  highlight: Highlight | null;
}

export const blockDuration = (row: BillingBlock) => formatDuration(Date.parse(row.endTime) - Date.parse(row.startTime));

export const blockCost = (row: BillingBlock) => ({ totalCost: row.costUsd, unpricedTokens: row.unpricedTokens });

export function BlockReadout(props: ReadoutProps): JSX.Element {
  const { zone } = useClock();
  return (
    <section class="readout" data-testid="block-readout">
      <p class="readout__details">
        <span class="card__label" data-figure={props.highlight === null ? undefined : ''}>
          {statusText(props)}
          <Show when={props.highlight !== null}>
            <span class="visually-hidden">, {text.provenance.measured}</span>
          </Show>
        </span>
        <span title={props.row.isGap ? undefined : text.blockSourceTitle[props.row.source]}>
          <time datetime={props.row.startTime}>{formatInterval(props.row.startTime, props.row.endTime, zone())}</time>
          <Show when={!props.row.isGap && props.row.label === 'official'}>
            <OfficialSign />
          </Show>
          <Show when={!props.row.isGap}>
            <span class="visually-hidden">, {text.blockSource[props.row.source]}</span>
          </Show>
        </span>
      </p>
      <Show when={!props.row.isGap} fallback={<GapDetails row={props.row} />}>
        <BlockDetails row={props.row} />
      </Show>
    </section>
  );
}

/** Returns the status of a block. */
function statusText(props: ReadoutProps): string {
  if (props.row.isGap) return text.blocks.gap;
  if (props.row.isActive) return text.blocks.thisBlock;
  return props.highlight === null ? text.blocks.pastBlock : text.blocks.highlight[props.highlight];
}

function BlockDetails(props: { row: BillingBlock }): JSX.Element {
  return (
    <>
      <p class="row-between headline">
        <LabeledFigure class="headline__figure" label={text.provenance.measured} title={text.tokens(formatNumber(props.row.tokensUsed))}>
          {formatCompact(props.row.tokensUsed)}
        </LabeledFigure>
        <span class="card__figure">
          <Cost cost={blockCost(props.row)} testid="block-cost" />
        </span>
      </p>
      <p class="readout__details">
        <LabeledFigure label={text.provenance.measured}>{text.messages(formatNumber(props.row.messageCount), props.row.messageCount)}</LabeledFigure>
        <PeakRate row={props.row} />
      </p>
    </>
  );
}

export function PeakRate(props: { row: BillingBlock }): JSX.Element {
  return (
    <Show when={props.row.peakTokensPerMinute !== null}>
      <LabeledFigure label={text.provenance.measured} title={text.blocks.peakTitle(formatNumber(props.row.peakTokensPerMinute ?? 0))}>
        {text.blocks.peak(formatCompact(props.row.peakTokensPerMinute ?? 0))}
      </LabeledFigure>
    </Show>
  );
}

function GapDetails(props: { row: BillingBlock }): JSX.Element {
  return (
    <>
      <p class="row-between headline">
        <time class="headline__figure headline__figure--muted">{blockDuration(props.row)}</time>
      </p>
      <p class="readout__details">
        <span>{text.blocks.withoutMessages}</span>
      </p>
    </>
  );
}
