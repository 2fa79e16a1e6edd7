// All blocks in a virtual list: two lines per block, one per gap. Rows have no controls, so the whole list is one tab
// stop and arrow keys scroll it.
import { createMemo, createSignal, Index, type JSX, onCleanup, onMount, Show } from 'solid-js';
import type { BillingBlock } from '../../bindings/BillingBlock';
import { createVirtualAxis, sizeOf, startOf, visibleSpan } from '../../charts/virtual-axis';
import { CostCell } from '../../components/cost';
import { LabeledFigure } from '../../components/labeled-figure';
import { useClock } from '../../lib/contexts';
import { formatCompact, formatNumber } from '../../lib/format';
import { sanitizeName, sanitizeTitle, shortModelName } from '../../lib/sanitize';
import { formatInterval } from '../../lib/time';
import { text } from '../../strings';
import { findHighlight, rowHeight } from './block-chart-layout';
import type { BlockStats, LoadedBlocks } from './block-history';
import { blockCost, blockDuration, PeakRate } from './block-readout';

/** Distance beyond the view in which rows are drawn, and distance from the end at which more are loaded; in pixels. */
const [OVERSCAN, LOAD_MORE_DISTANCE] = [240, 800];

interface ListProps {
  history: LoadedBlocks;
  stats: BlockStats;
  pointed: string | null;
}

export function BlockList(props: ListProps): JSX.Element {
  const [view, setView] = createSignal({ from: 0, height: 0 });
  let scroller!: HTMLDivElement;
  const rows = () => props.history.rows();
  const layout = createMemo(() => createVirtualAxis(rows().map(rowHeight)));
  const span = createMemo(() => visibleSpan(layout(), view().from, view().height, OVERSCAN));
  const drawn = () => rows().slice(span().first, span().end);
  const updateView = () => {
    setView({ from: scroller.scrollTop, height: scroller.clientHeight });
    if (view().from + view().height + LOAD_MORE_DISTANCE > layout().length) props.history.loadMore();
  };
  onMount(() => {
    const observer = new ResizeObserver(updateView);
    observer.observe(scroller);
    onCleanup(() => observer.disconnect());
  });
  return (
    <div class="block-list" role="region" aria-label={text.blocks.list} tabindex={0} ref={(element) => (scroller = element)} onScroll={updateView}>
      <ul class="block-list__rows" role="list" style={{ height: `${layout().length}px` }}>
        <Index each={drawn()}>
          {(row, at) => {
            const index = () => span().first + at;
            return (
              <li
                class="block-list__row"
                classList={{ 'is-pointed': props.pointed === row().id }}
                aria-posinset={index() + 1}
                aria-setsize={layout().count}
                style={{ top: `${startOf(layout(), index())}px`, height: `${sizeOf(layout(), index())}px` }}
                data-testid="block-row"
              >
                <Show when={!row().isGap} fallback={<GapRow row={row()} />}>
                  <BlockRow row={row()} stats={props.stats} />
                </Show>
              </li>
            );
          }}
        </Index>
      </ul>
    </div>
  );
}

function GapRow(props: { row: BillingBlock }): JSX.Element {
  return (
    <time class="block-list__gap">
      {text.blocks.idle}, {blockDuration(props.row)}
    </time>
  );
}

/** A block. The source of its times is visible only if it is more than an estimate. */
function BlockRow(props: { row: BillingBlock; stats: BlockStats }): JSX.Element {
  const { zone } = useClock();
  const models = () => props.row.models.map(shortModelName).join(', ');
  const isEstimate = () => props.row.label === 'estimated';
  return (
    <>
      <span class="list-item__top">
        <span class="list-item__name">
          <time datetime={props.row.startTime}>{formatInterval(props.row.startTime, props.row.endTime, zone())}</time>
          <span class={isEstimate() ? 'visually-hidden' : 'provenance'} title={text.blockSourceTitle[props.row.source]}>
            {text.blockSource[props.row.source]}
          </span>
        </span>
        <LabeledFigure class="list-item__total" label={text.provenance.measured} title={text.tokens(formatNumber(props.row.tokensUsed))} hideLabel>
          {formatCompact(props.row.tokensUsed)}
        </LabeledFigure>
      </span>
      <span class="list-item__bottom">
        <span class="list-item__facts block-list__facts">
          <Show when={findHighlight(props.row, props.stats)}>
            {(highlight) => (
              <LabeledFigure class="block-list__highlight" label={text.provenance.measured} hideLabel testid="highlight">
                {text.blocks.highlight[highlight()]}
              </LabeledFigure>
            )}
          </Show>
          <PeakRate row={props.row} />
          <LabeledFigure class="block-list__messages" label={text.provenance.measured} hideLabel>
            {text.messages(formatNumber(props.row.messageCount), props.row.messageCount)}
          </LabeledFigure>
          <span class="block-list__models" title={sanitizeTitle(props.row.models.join(', '))}>
            <bdi>{sanitizeName(models() || text.sessions.noModel)}</bdi>
          </span>
        </span>
        <span class="list-item__cost">
          <CostCell cost={blockCost(props.row)} />
        </span>
      </span>
    </>
  );
}
