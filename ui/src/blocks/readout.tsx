// The block that is pointed at, else the latest: its tokens lead the page, and what else is known of it stands beside them.
// Its place never changes, so that looking along the columns moves nothing but figures.
import { Show, type JSX } from 'solid-js';
import type { BillingBlock } from '../bindings/BillingBlock';
import { compact, exact } from '../format';
import { Cost } from '../parts/cost';
import { Labelled } from '../parts/labelled';
import { text } from '../text';
import { interval, lasting } from '../time';
import type { Standout } from './look';

interface ReadoutProps {
  row: BillingBlock;
  standout: Standout | null;
  zone: string;
}

export const lengthOf = (row: BillingBlock) => lasting(Date.parse(row.endTime) - Date.parse(row.startTime));

export const costly = (row: BillingBlock) => ({ totalCost: row.costUsd, unpricedTokens: row.unpricedTokens });

export function BlockReadout(props: ReadoutProps): JSX.Element {
  return (
    <section class="readout" data-testid="block-readout">
      <p class="headed">
        <time datetime={props.row.startTime}>{interval(props.row.startTime, props.row.endTime, props.zone)}</time>
        <span class="label" data-figure={props.standout === null ? undefined : ''}>
          {remark(props)}
        </span>
      </p>
      <Show when={!props.row.isGap} fallback={<Idle row={props.row} />}>
        <Used row={props.row} />
      </Show>
    </section>
  );
}

/** What is remarkable about it, and where its edges come from. */
function remark(props: ReadoutProps): string {
  if (props.row.isGap) return '';
  const source = text.source[props.row.source];
  if (props.row.isActive) return `${text.blocksPage.current}, ${source}`;
  return props.standout === null ? source : `${text.blocksPage.standout[props.standout]}, ${source}`;
}

function Used(props: { row: BillingBlock }): JSX.Element {
  return (
    <>
      <p class="lead">
        <Labelled label={text.label.measured}>
          <strong class="figure">{exact(props.row.tokensUsed)}</strong> <span class="unit">{text.tokensToday}</span>
        </Labelled>
      </p>
      <p class="dim readout-rest">
        <Cost of={costly(props.row)} testid="block-cost" />
        <Labelled label={text.label.measured} heard>
          {text.messages(exact(props.row.messageCount), props.row.messageCount)}
        </Labelled>
        <Peak row={props.row} />
      </p>
    </>
  );
}

export function Peak(props: { row: BillingBlock }): JSX.Element {
  return (
    <Show when={props.row.peakTokensPerMinute !== null}>
      <Labelled label={text.label.measured} title={text.blocksPage.peakTitle(exact(props.row.peakTokensPerMinute ?? 0))} heard>
        {text.blocksPage.peak(compact(props.row.peakTokensPerMinute ?? 0))}
      </Labelled>
    </Show>
  );
}

function Idle(props: { row: BillingBlock }): JSX.Element {
  return (
    <>
      <p class="lead">
        <span class="figure quiet">{text.blocksPage.idle}</span>
      </p>
      <p class="dim readout-rest">
        <time>{text.blocksPage.idleFor(lengthOf(props.row))}</time>
      </p>
    </>
  );
}
