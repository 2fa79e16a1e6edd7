// The details of the pointed block, otherwise of the latest. Their position is fixed, so that moving along the columns
// changes nothing but figures.
import { type JSX, Show } from 'solid-js';
import type { BillingBlock } from '../../bindings/BillingBlock';
import { Cost } from '../../components/cost';
import { LabeledFigure } from '../../components/labeled-figure';
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
      <p class="section-header">
        <time datetime={props.row.startTime}>{formatInterval(props.row.startTime, props.row.endTime, zone())}</time>
        <span class="provenance" data-figure={props.highlight === null ? undefined : ''}>
          {statusText(props)}
        </span>
      </p>
      <Show when={!props.row.isGap} fallback={<GapDetails row={props.row} />}>
        <BlockDetails row={props.row} />
      </Show>
    </section>
  );
}

/** Returns the status of a block and the source of its times. */
function statusText(props: ReadoutProps): string {
  if (props.row.isGap) return '';
  const source = text.blockSource[props.row.source];
  if (props.row.isActive) return `${text.blocks.current}, ${source}`;
  return props.highlight === null ? source : `${text.blocks.highlight[props.highlight]}, ${source}`;
}

function BlockDetails(props: { row: BillingBlock }): JSX.Element {
  return (
    <>
      <p class="headline">
        <LabeledFigure label={text.provenance.measured}>
          <strong class="headline__figure">{formatNumber(props.row.tokensUsed)}</strong> <span class="headline__unit">{text.tokensUnit}</span>
        </LabeledFigure>
      </p>
      <p class="text-muted readout__details">
        <Cost cost={blockCost(props.row)} testid="block-cost" />
        <LabeledFigure label={text.provenance.measured} hideLabel>
          {text.messages(formatNumber(props.row.messageCount), props.row.messageCount)}
        </LabeledFigure>
        <PeakRate row={props.row} />
      </p>
    </>
  );
}

export function PeakRate(props: { row: BillingBlock }): JSX.Element {
  return (
    <Show when={props.row.peakTokensPerMinute !== null}>
      <LabeledFigure label={text.provenance.measured} title={text.blocks.peakTitle(formatNumber(props.row.peakTokensPerMinute ?? 0))} hideLabel>
        {text.blocks.peak(formatCompact(props.row.peakTokensPerMinute ?? 0))}
      </LabeledFigure>
    </Show>
  );
}

function GapDetails(props: { row: BillingBlock }): JSX.Element {
  return (
    <>
      <p class="headline">
        <span class="headline__figure headline__figure--muted">{text.blocks.idle}</span>
      </p>
      <p class="text-muted readout__details">
        <time>{text.blocks.idleFor(blockDuration(props.row))}</time>
      </p>
    </>
  );
}
